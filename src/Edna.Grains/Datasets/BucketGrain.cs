using Edna.Hosting;
using Edna.Keys;

namespace Edna.Datasets;

/// <summary>The bound prefixes of a bucket. Never rename a member.</summary>
public sealed class BucketState
{
    /// <summary>The bindings, in ordinal order of their prefixes.</summary>
    public List<BoundPrefix> Bindings { get; set; } = [];
}

/// <summary>A bound prefix as it is stored. Never rename a member.</summary>
public sealed record BoundPrefix
{
    /// <summary>The prefix.</summary>
    public required string Prefix { get; init; }

    /// <summary>The tenant of the dataset.</summary>
    public required string Tenant { get; init; }

    /// <summary>The dataset's name.</summary>
    public required string Dataset { get; init; }
}

/// <inheritdoc cref="IBucketGrain"/>
public sealed class BucketGrain([PersistentState("bucket")] IPersistentState<BucketState> state) : Grain, IBucketGrain
{
    private bool armed;

    /// <inheritdoc />
    public async Task<DatasetKey?> BindAsync(string prefix, DatasetKey dataset)
    {
        var overlapping = state.State.Bindings.Where(b => Overlap(b.Prefix, prefix)).ToArray();
        if (overlapping.Select(KeyOf).FirstOrDefault(k => k != dataset) is { Dataset: not null } other) return other;
        if (overlapping is not [{ } same] || same.Prefix != prefix)
        {
            armed = false;
            await WriteAsync([.. state.State.Bindings.Except(overlapping), new() { Prefix = prefix, Tenant = dataset.Tenant, Dataset = dataset.Dataset }]);
        }
        if (!armed) await GrainFactory.GetGrain<IBucketSweepGrain>(this.GetPrimaryKeyString()).ArmAsync();
        armed = true;
        return null;
    }

    /// <inheritdoc />
    public Task UnbindAsync(DatasetKey dataset) => state.State.Bindings.Exists(b => KeyOf(b) == dataset)
        ? WriteAsync([.. state.State.Bindings.Where(b => KeyOf(b) != dataset)])
        : Task.CompletedTask;

    /// <inheritdoc />
    public Task<IReadOnlyList<StorageBinding>> ListAsync()
    {
        // Events tell of any bucket: what nothing is bound to must not stay in memory.
        if (state.State.Bindings.Count == 0) DeactivateOnIdle();
        return Task.FromResult<IReadOnlyList<StorageBinding>>(
            [.. state.State.Bindings.Select(b => new StorageBinding { Prefix = b.Prefix, Dataset = KeyOf(b) })]);
    }

    private static bool Overlap(string a, string b) => a.StartsWith(b, StringComparison.Ordinal) || b.StartsWith(a, StringComparison.Ordinal);

    private static DatasetKey KeyOf(BoundPrefix bound) => new(bound.Tenant, bound.Dataset);

    private Task WriteAsync(List<BoundPrefix> bindings)
    {
        bindings.Sort((a, b) => string.CompareOrdinal(a.Prefix, b.Prefix));
        return state.WriteAsync(new() { Bindings = bindings }, DeactivateOnIdle);
    }
}
