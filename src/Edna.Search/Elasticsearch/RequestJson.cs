using System.Text.Encodings.Web;
using System.Text.Json;

namespace Edna.Search.Elasticsearch;

/// <summary>Writes JSON into requests. All text passes the writer, which quotes it: none of it can become syntax.</summary>
internal static class RequestJson
{
    // What HTML needs to be quoted is no matter here; letters stay letters, which keeps bodies small.
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>A writer.</summary>
    public static Utf8JsonWriter Begin(PooledBuffer to) => new(to, s_options);
}
