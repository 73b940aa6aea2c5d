using System.Text.Json;
using Edna.Keys;
using Edna.Objects;

namespace Edna.Datasets;

/// <summary>
/// A dataset's <c>dataset.json</c>. One that is bound to a bucket of its own has it twice: there, with its objects, and in the
/// service's bucket, where alone the service can find out what is bound where.
/// </summary>
public static class DatasetDocument
{
    /// <summary>Where the document lies, the one in the service's bucket last: while it is there, the dataset is found.</summary>
    /// <param name="store">The bucket.</param>
    /// <param name="key">The dataset.</param>
    /// <param name="storage">The bucket and prefix of its own.</param>
    public static IEnumerable<ObjectLocation> Places(IObjectStore store, DatasetKey key, DatasetStorage? storage)
    {
        if (storage is not null) yield return new ObjectKeys(store.Prefix, key, storage).Dataset;
        yield return new ObjectKeys(store.Prefix, key, null).Dataset;
    }

    /// <summary>Writes it.</summary>
    public static async Task WriteAsync(IObjectStore store, DatasetKey key, DatasetState state, CancellationToken ct)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(state, DatasetJson.Default.DatasetState);
        foreach (var at in Places(store, key, state.Storage)) await store.WriteAsync(at, body, "application/json", false, ct);
    }

    /// <summary>Removes it.</summary>
    public static async Task RemoveAsync(IObjectStore store, DatasetKey key, DatasetStorage? storage, CancellationToken ct)
    {
        foreach (var at in Places(store, key, storage)) await store.DeleteAsync(at.Bucket, [at.Key], ct);
    }

    /// <summary>The newest that lies in the bucket; null when there is none.</summary>
    /// <exception cref="JsonException">It cannot be read.</exception>
    public static async ValueTask<DatasetState?> ReadAsync(IObjectStore store, DatasetKey key, CancellationToken ct)
    {
        if (await ReadAsync(store, new ObjectKeys(store.Prefix, key, null).Dataset, ct) is not { } own) return null;
        var bound = own.Storage is null ? null : await ReadAsync(store, new ObjectKeys(store.Prefix, key, own.Storage).Dataset, ct);
        return bound is not null && bound.Revision > own.Revision ? bound : own;
    }

    private static async ValueTask<DatasetState?> ReadAsync(IObjectStore store, ObjectLocation at, CancellationToken ct) =>
        await store.ReadAsync(at, ct) is { } body ? JsonSerializer.Deserialize(body, DatasetJson.Default.DatasetState) : null;
}
