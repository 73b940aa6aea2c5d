using System.Text.Json;

namespace Edna.Search.Elasticsearch;

/// <summary>A document as the server keeps it.</summary>
/// <param name="Version">Its version: the item's revision.</param>
/// <param name="Source">What was pushed.</param>
internal sealed record StoredDocument(long Version, byte[] Source)
{
    /// <summary>Whether it is this one.</summary>
    public bool Is(SearchDocument document)
    {
        using var expected = new MemoryStream();
        using (var json = new Utf8JsonWriter(expected)) DocumentJson.Write(json, document);
        using var wanted = JsonDocument.Parse(expected.ToArray());
        using var stored = JsonDocument.Parse(Source);
        return JsonElement.DeepEquals(wanted.RootElement, stored.RootElement);
    }

    /// <summary>Reads the documents that were asked for by id; those that are not there are left out.</summary>
    public static async Task<Dictionary<string, StoredDocument>> ReadAsync(JsonStream json)
    {
        var found = new Dictionary<string, StoredDocument>(StringComparer.Ordinal);
        await json.ExpectAsync(JsonTokenType.StartObject);
        while (await json.ReadNameAsync())
        {
            if (json.Text != "docs")
            {
                await json.SkipAsync();
                continue;
            }
            await json.ExpectAsync(JsonTokenType.StartArray);
            while (await json.ReadElementAsync()) await ReadOneAsync(json, found);
        }
        return found;
    }

    private static async Task ReadOneAsync(JsonStream json, Dictionary<string, StoredDocument> found)
    {
        var (id, version, isThere, source) = ("", 0L, false, Array.Empty<byte>());
        while (await json.ReadNameAsync())
        {
            switch (json.Text)
            {
                case "_id":
                    await json.ReadAsync();
                    id = json.Text;
                    break;
                case "_version":
                    await json.ReadAsync();
                    version = json.Whole;
                    break;
                case "found":
                    await json.ReadAsync();
                    isThere = json.Token == JsonTokenType.True;
                    break;
                case "_source":
                    using (var copy = new MemoryStream())
                    {
                        await using (var writer = new Utf8JsonWriter(copy)) await json.CopyAsync(writer);
                        source = copy.ToArray();
                    }
                    break;
                case "error":
                    var (type, reason) = await ElasticsearchReply.ReadErrorAsync(json);
                    throw ElasticsearchFault.Refused(new(404, type, reason));
                default:
                    await json.SkipAsync();
                    break;
            }
        }
        if (isThere) found[id] = new(version, source);
    }
}
