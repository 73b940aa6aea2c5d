using System.Text.Json;
using Edna.Items;
using Edna.Json;
using Edna.Objects;

namespace Edna.Imports;

/// <summary>What an object says of itself beyond its place in a listing: tags, metadata, media type.</summary>
internal static class ObjectDetails
{
    /// <summary>What S3 answers for an object that was written without a media type.</summary>
    private const string NoneGiven = "binary/octet-stream";

    /// <summary>Prefix of the facts that EDNA itself writes as object metadata.</summary>
    private const string Own = "edna-";

    /// <summary>The object with its details, and its size and entity tag as they are now; null when it is gone.</summary>
    public static async Task<RegisterObject?> ReadAsync(IObjectStore store, ObjectKeys keys, RegisterObject found, CancellationToken ct)
    {
        var at = new ObjectLocation(keys.Bucket, found.Key);
        if (await store.HeadAsync(at, ct) is not { } head) return null;
        return found with
        {
            Size = head.Size, ETag = head.ETag, Tags = Allowed(await store.GetTagsAsync(at, ct)), Metadata = MetadataOf(head),
            ContentType = head.ContentType != NoneGiven && ItemRules.IsContentType(head.ContentType) ? head.ContentType : found.ContentType,
        };
    }

    /// <summary>The tags that may be an item's: without EDNA's own and what our rules refuse.</summary>
    public static IReadOnlyDictionary<string, string> Allowed(IReadOnlyDictionary<string, string> tags)
    {
        if (tags.Count == 0) return ItemState.NoTags;
        var allowed = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var tag in tags)
        {
            var errors = new FieldErrors();
            ItemRules.CheckTags(new Dictionary<string, string> { [tag.Key] = tag.Value }, errors);
            if (errors.None) allowed.Add(tag.Key, tag.Value);
        }
        return allowed;
    }

    /// <summary>The user metadata as a JSON object of texts, by name; null when there is none, or it is no metadata that an item may have.</summary>
    private static JsonText? MetadataOf(StoredObject head)
    {
        var texts = head.Metadata.Where(m => !m.Key.StartsWith(Own, StringComparison.Ordinal)).OrderBy(m => m.Key, StringComparer.Ordinal).ToArray();
        if (texts.Length == 0) return null;
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in texts) writer.WriteString(name, value);
            writer.WriteEndObject();
        }
        JsonText metadata = new(System.Text.Encoding.UTF8.GetString(json.GetBuffer().AsSpan(0, (int)json.Length)));
        var errors = new FieldErrors();
        ItemRules.CheckMetadata(metadata, errors);
        return errors.None ? metadata : null;
    }
}
