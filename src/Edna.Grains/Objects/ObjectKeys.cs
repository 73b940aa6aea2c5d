using System.Globalization;
using Edna.Datasets;
using Edna.Items;
using Edna.Keys;

namespace Edna.Objects;

/// <summary>
/// Where everything of a dataset lies in the bucket:
/// <c>{base}dataset.json</c>, <c>{base}items/{itemId}/{contentRevision}</c>, <c>{base}items/{itemId}/item.json</c>,
/// <c>{base}labels/{itemId}/{labelRevision}.json</c>, <c>{base}previews/{itemId}/…</c>, <c>{base}imports/{job}/{page}.json</c>;
/// <c>{base}</c> is <c>{prefix}{tenant}/{dataset}/</c>, or the prefix of the dataset's own.
/// </summary>
public sealed record ObjectKeys
{
    private readonly string? bucket;
    private readonly string root;

    /// <summary>The layout of a dataset.</summary>
    /// <param name="storePrefix">The prefix of the service, empty or ending in <c>/</c>.</param>
    /// <param name="dataset">The dataset.</param>
    /// <param name="storage">The bucket and prefix of its own; null for none.</param>
    public ObjectKeys(string storePrefix, DatasetKey dataset, DatasetStorage? storage) =>
        (bucket, root) = storage is null
            ? (null, $"{storePrefix}{dataset.Tenant}/{dataset.Dataset}/")
            : (storage.Bucket, storage.Prefix);

    /// <summary>The bucket; null for the service's own.</summary>
    public string? Bucket => bucket;

    /// <summary>The settings and label schema.</summary>
    public ObjectLocation Dataset => new(bucket, root + "dataset.json");

    /// <summary>The bytes of an upload attempt.</summary>
    /// <param name="itemId">The item.</param>
    /// <param name="contentRevision">The attempt.</param>
    public ObjectLocation Content(string itemId, long contentRevision) =>
        new(bucket, string.Create(CultureInfo.InvariantCulture, $"{root}items/{itemId}/{contentRevision}"));

    /// <summary>The confirmed bytes of an item: under a key of EDNA's, or where they lay when they were registered in place.</summary>
    /// <param name="itemId">The item.</param>
    /// <param name="state">Its state; it has content.</param>
    public ObjectLocation Content(string itemId, ItemState state) =>
        state.ContentKey is { } inPlace ? new(bucket, inPlace) : Content(itemId, state.ContentRevision);

    /// <summary>What everything of the dataset starts with: empty, or ending in <c>/</c>.</summary>
    public string Root => root;

    /// <summary>The item document.</summary>
    /// <param name="itemId">The item.</param>
    public ObjectLocation Item(string itemId) => new(bucket, $"{root}items/{itemId}/item.json");

    /// <summary>A label document.</summary>
    /// <param name="itemId">The item.</param>
    /// <param name="labelRevision">Its revision.</param>
    public ObjectLocation Labels(string itemId, long labelRevision) =>
        new(bucket, string.Create(CultureInfo.InvariantCulture, $"{root}labels/{itemId}/{labelRevision}.json"));

    /// <summary>A page of what an import registered in place: what lets the bucket alone tell which foreign objects are items.</summary>
    /// <param name="job">The import's job.</param>
    /// <param name="page">The page, from 1.</param>
    public ObjectLocation Import(string job, int page) =>
        new(bucket, string.Create(CultureInfo.InvariantCulture, $"{root}imports/{job}/{page:d8}.json"));

    /// <summary>Under which <see cref="Import"/> lies.</summary>
    public string ImportPrefix => $"{root}imports/";

    /// <summary>The prefixes under which everything of an item lies.</summary>
    /// <param name="itemId">The item.</param>
    public IEnumerable<string> ItemPrefixes(string itemId) =>
        [$"{root}items/{itemId}/", $"{root}labels/{itemId}/", $"{root}previews/{itemId}/"];

    /// <summary>The prefixes under which everything of the dataset but <c>dataset.json</c> lies.</summary>
    public IEnumerable<string> DatasetPrefixes => [$"{root}items/", $"{root}labels/", $"{root}previews/", $"{root}versions/", ImportPrefix];
}
