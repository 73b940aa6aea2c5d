using Edna.Hosting;
using Edna.Results;

namespace Edna.Datasets;

/// <summary>The names of a tenant's datasets. Never rename a member.</summary>
public sealed class DatasetDirectoryState
{
    /// <summary>The names, in ordinal order.</summary>
    public List<string> Names { get; set; } = [];
}

/// <inheritdoc cref="IDatasetDirectoryGrain"/>
public sealed class DatasetDirectoryGrain([PersistentState("datasets")] IPersistentState<DatasetDirectoryState> state) : Grain, IDatasetDirectoryGrain
{
    /// <inheritdoc />
    public async Task<Result<Done>> AddAsync(string name)
    {
        var at = state.State.Names.BinarySearch(name, StringComparer.Ordinal);
        if (at >= 0) return Done.Instance;
        if (state.State.Names.Count >= IDatasetDirectoryGrain.Limit) return DatasetErrors.LimitReached();
        await WriteAsync(names => names.Insert(~at, name));
        return Done.Instance;
    }

    /// <inheritdoc />
    public Task RemoveAsync(string name)
    {
        var at = state.State.Names.BinarySearch(name, StringComparer.Ordinal);
        return at < 0 ? Task.CompletedTask : WriteAsync(names => names.RemoveAt(at));
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<string>> ListAsync(string? after, int limit)
    {
        var names = state.State.Names;
        var from = after is null ? 0 : names.BinarySearch(after, StringComparer.Ordinal);
        from = after is null ? 0 : from < 0 ? ~from : from + 1;
        return Task.FromResult<IReadOnlyList<string>>(names.GetRange(from, Math.Min(limit, names.Count - from)));
    }

    private Task WriteAsync(Action<List<string>> change)
    {
        List<string> names = [.. state.State.Names];
        change(names);
        return state.WriteAsync(new() { Names = names }, DeactivateOnIdle);
    }
}
