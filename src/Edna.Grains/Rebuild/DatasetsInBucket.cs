using System.Runtime.CompilerServices;
using System.Text.Json;
using Edna.Datasets;
using Edna.Keys;
using Edna.Objects;

namespace Edna.Rebuild;

/// <summary>A dataset that the bucket tells of.</summary>
/// <param name="Key">Which one.</param>
/// <param name="State">Its settings; null when its document is missing or cannot be read.</param>
/// <param name="Fault">Why there are none.</param>
public sealed record FoundDataset(DatasetKey Key, DatasetState? State, string? Fault);

/// <summary>Finds the datasets in the service's bucket: one listing request a dataset, however many objects it has.</summary>
/// <param name="store">The bucket.</param>
/// <param name="patience">Waits for it.</param>
public sealed class DatasetsInBucket(IObjectStore store, Patience patience)
{
    /// <summary>The datasets of all tenants, in key order.</summary>
    public async IAsyncEnumerable<FoundDataset> ListAsync([EnumeratorCancellation] CancellationToken ct)
    {
        for (string? after = null; await NextKeyAsync(after, ct) is { } key;)
        {
            var parts = key[store.Prefix.Length..].Split('/', 3);
            if (parts.Length < 3 || parts[0].Length == 0)
            {
                after = key;
                continue;
            }
            // '0' follows '/': after everything of this dataset.
            after = $"{store.Prefix}{parts[0]}/{parts[1]}0";
            if (DatasetName.IsValid(parts[1])) yield return await FindAsync(new(parts[0], parts[1]), ct);
        }
    }

    /// <summary>One dataset.</summary>
    /// <param name="key">Which one.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<FoundDataset> FindAsync(DatasetKey key, CancellationToken ct)
    {
        var at = new ObjectKeys(store.Prefix, key, null).Dataset;
        try
        {
            return await patience.DoAsync(() => DatasetDocument.ReadAsync(store, key, ct), ct) is { } state
                ? new(key, state, null)
                : new(key, null, $"{key}: there is no {at.Key}; its objects are left alone");
        }
        catch (JsonException e)
        {
            return new(key, null, $"{key}: {at.Key} cannot be read: {e.Message}");
        }
    }

    private async Task<string?> NextKeyAsync(string? after, CancellationToken ct)
    {
        await foreach (var found in patience.ListAsync(store, null, store.Prefix, after, ct)) return found.Key;
        return null;
    }
}
