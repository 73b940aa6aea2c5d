using System.Text.Json;
using Edna.Items;
using Edna.Labels;
using Edna.Objects;

namespace Edna.Rebuild;

/// <summary>Reads what the bucket says of an item, as far as <see cref="Rebuilt"/> needs it.</summary>
/// <param name="store">The bucket.</param>
/// <param name="patience">Waits for it.</param>
public sealed class BucketEvidence(IObjectStore store, Patience patience)
{
    /// <summary>Everything that tells what an item is. Of its contents the newest that is right, and those newer than it.</summary>
    /// <param name="keys">Where the dataset lies.</param>
    /// <param name="listed">What listings say of it.</param>
    /// <param name="inPlace">The objects that imports registered for it.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="JsonException">A document of it cannot be read.</exception>
    public async Task<FoundItem> FindAsync(ObjectKeys keys, ListedItem listed, IReadOnlyList<ImportedContent> inPlace, CancellationToken ct)
    {
        var document = listed.HasDocument && await ReadAsync(keys.Item(listed.ItemId), ct) is { } body ? ItemJson.ReadDocument(body) : null;
        var labels = listed.NewestLabels > 0 && await ReadAsync(keys.Labels(listed.ItemId, listed.NewestLabels), ct) is { } text ? LabelJson.Read(text) : null;
        if (document is { ContentKey: { } key, ContentType: not null } && inPlace.All(i => i.Key != key)) inPlace = [.. inPlace, Told(document, key)];
        var contents = new List<FoundContent>(1);
        var candidates = listed.Contents.Select(c => (c.Revision, InPlace: (ImportedContent?)null)).Concat(inPlace.Select(i => (i.Revision, (ImportedContent?)i)));
        foreach (var (revision, imported) in candidates.OrderByDescending(c => c.Item1))
        {
            if (revision < document?.ContentRevision) break;
            var at = imported is null ? keys.Content(listed.ItemId, revision) : new(keys.Bucket, imported.Key);
            if (await LookAsync(at, revision, imported, document, ct) is not { } content) continue;
            contents.Add(content);
            if (Rebuilt.FaultOf(listed.ItemId, content, document) is null && Rebuilt.Counts(content, document)) break;
        }
        return new()
        {
            ItemId = listed.ItemId, Contents = contents, Document = document, Labels = labels,
            Attempts = listed.Contents.Select(c => c.Revision).Concat(inPlace.Select(i => i.Revision)).DefaultIfEmpty().Max(),
        };
    }

    /// <summary>An object in place as the item document tells of it.</summary>
    private static ImportedContent Told(ItemDocument document, string key) => new(key, new()
    {
        Key = key, Path = document.Path, Revision = document.ContentRevision, Size = document.Size ?? 0, ETag = document.ETag ?? "",
        LastModified = document.CreatedAt ?? document.At, ContentType = document.ContentType!,
    }, document.CreatedBy ?? "");

    private async Task<FoundContent?> LookAsync(ObjectLocation at, long revision, ImportedContent? imported, ItemDocument? document, CancellationToken ct)
    {
        var found = await patience.DoAsync(() => store.HeadAsync(at, ct), ct);
        if (found is null) return null;
        var readsTags = imported is null || imported.Object.Tags is not null || document is not null;
        var tags = readsTags ? await patience.DoAsync(() => store.GetTagsAsync(at, ct), ct) : ItemState.NoTags;
        var declared = imported is null ? ItemFacts.Read(found.Metadata, out _)?.Checksum : null;
        // What was confirmed has been compared; a multipart object has been compared by nobody else than EDNA.
        var verdict = Checksums.Compare(declared, found, found.ETag.Contains('-', StringComparison.Ordinal) ? None : store.Capabilities.EnforcedChecksums);
        if (verdict == ChecksumVerdict.MustRead && document?.ContentRevision == revision) verdict = ChecksumVerdict.Match;
        if (verdict == ChecksumVerdict.MustRead) verdict = await patience.DoAsync(() => CompareAsync(at, declared!, ct), ct);
        return new() { Revision = revision, Object = found, Tags = tags, Checksum = verdict, InPlace = imported };
    }

    private static readonly HashSet<string> None = [];

    private async ValueTask<ChecksumVerdict> CompareAsync(ObjectLocation at, Checksum declared, CancellationToken ct)
    {
        await using var content = await store.OpenReadAsync(at, ct);
        return content is null ? ChecksumVerdict.Mismatch : Checksums.Compare(declared, await ContentDigest.ComputeAsync(content, declared.Algorithm, ct));
    }

    private Task<byte[]?> ReadAsync(ObjectLocation at, CancellationToken ct) => patience.DoAsync(() => store.ReadAsync(at, ct), ct);
}
