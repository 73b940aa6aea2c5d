using System.Globalization;
using System.Text.Json;

namespace Edna.Search.Elasticsearch;

/// <summary>What an index is made as: its settings and its mapping.</summary>
internal static class IndexSchema
{
    /// <summary>Which fields there are and what they mean; a change needs a new index that is filled anew.</summary>
    public const int Version = 1;

    /// <summary>The object in the mapping's <c>_meta</c> that says what the index is.</summary>
    public const string Meta = "edna";

    /// <summary>Longer words are cut by the server; no text in a document is as long.</summary>
    private const int LongestWord = 32_000;

    /// <summary>Beginnings of words up to this length are kept as terms of their own, so that asking for them is exact and quick.</summary>
    public const int LongestPrefix = 10;

    /// <summary>Writes the body that makes an index.</summary>
    /// <param name="to">Where to.</param>
    /// <param name="options">How large.</param>
    /// <param name="generation">The index's name for what it is filled with.</param>
    /// <param name="alias">An alias that it gets at once; null for none.</param>
    public static void Write(PooledBuffer to, ElasticsearchOptions options, string generation, string? alias)
    {
        using var json = RequestJson.Begin(to);
        json.WriteStartObject();
        WriteSettings(json, options);
        json.WriteStartObject("mappings");
        // A field that is not below is a mistake; the server refuses the document instead of guessing what it is.
        json.WriteString("dynamic", "strict");
        json.WriteStartObject("_meta");
        json.WriteStartObject(Meta);
        json.WriteNumber("schema", Version);
        json.WriteString("generation", generation);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartObject("properties");
        WriteFields(json);
        json.WriteEndObject();
        json.WriteEndObject();
        if (alias is not null)
        {
            json.WriteStartObject("aliases");
            json.WriteStartObject(alias);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static void WriteSettings(Utf8JsonWriter json, ElasticsearchOptions options)
    {
        json.WriteStartObject("settings");
        json.WriteStartObject("index");
        json.WriteString("number_of_shards", options.Shards.ToString(CultureInfo.InvariantCulture));
        json.WriteString("number_of_replicas", options.Replicas.ToString(CultureInfo.InvariantCulture));
        json.WriteString("refresh_interval", string.Create(CultureInfo.InvariantCulture, $"{options.RefreshMilliseconds}ms"));
        json.WriteString("gc_deletes", string.Create(CultureInfo.InvariantCulture, $"{options.TombstoneSeconds}s"));
        // The words come spelt by EDNA with a space between, so all that the server has to do is to split them there.
        json.WriteStartObject("analysis");
        json.WriteStartObject("tokenizer");
        json.WriteStartObject("edna_words");
        json.WriteString("type", "whitespace");
        json.WriteNumber("max_token_length", LongestWord);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartObject("analyzer");
        json.WriteStartObject("edna_words");
        json.WriteString("type", "custom");
        json.WriteString("tokenizer", "edna_words");
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteFields(Utf8JsonWriter json)
    {
        foreach (var field in (string[])[
            IndexFields.Tenant, IndexFields.Dataset, IndexFields.Status, IndexFields.Split, IndexFields.ContentType, IndexFields.Tags, IndexFields.Labels])
            WriteField(json, field, "keyword");
        // Asked for whole only, so the column by document, which sorting and counting need, is left out; below it is the other way round.
        WriteField(json, IndexFields.Metadata, "keyword", "doc_values");
        WriteField(json, IndexFields.Id, "keyword", "index");
        WriteField(json, IndexFields.Path, "keyword", "index");
        WriteField(json, IndexFields.Size, "long");
        WriteField(json, IndexFields.UpdatedAt, "long");
        WriteField(json, IndexFields.Revision, "long", "index");
        WriteField(json, IndexFields.UpdatedDate, "date");
        WriteWords(json, IndexFields.Words);
        WriteWords(json, IndexFields.PathWords);
        WriteWords(json, IndexFields.LabelWords);
    }

    private static void WriteField(Utf8JsonWriter json, string name, string type, string? without = null)
    {
        json.WriteStartObject(name);
        json.WriteString("type", type);
        if (without is not null) json.WriteBoolean(without, false);
        json.WriteEndObject();
    }

    private static void WriteWords(Utf8JsonWriter json, string name)
    {
        json.WriteStartObject(name);
        json.WriteString("type", "text");
        json.WriteString("analyzer", "edna_words");
        json.WriteBoolean("norms", false);
        json.WriteStartObject("index_prefixes");
        json.WriteNumber("min_chars", 1);
        json.WriteNumber("max_chars", LongestPrefix);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
