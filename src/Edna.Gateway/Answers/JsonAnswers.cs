using System.Buffers;
using System.Text.Json;
using Edna.Json;

namespace Edna.Answers;

/// <summary>Writes JSON answers.</summary>
internal static class JsonAnswers
{
    /// <summary>The media type of an answer.</summary>
    public const string MediaType = "application/json; charset=utf-8";

    private const int KeptBytes = 64 << 10;

    [ThreadStatic] private static ArrayBufferWriter<byte>? buffer;
    [ThreadStatic] private static Utf8JsonWriter? writer;

    /// <summary>Answers a value. It is written whole before the first byte leaves, so a value that cannot be written still gets a proper 500.</summary>
    public static async Task WriteJsonAsync<T>(this HttpContext http, int status, T value, string mediaType = MediaType)
    {
        var response = http.Response;
        Begin(response, status, value, mediaType);
        await response.BodyWriter.FlushAsync(http.RequestAborted);
    }

    private static void Begin<T>(HttpResponse response, int status, T value, string mediaType)
    {
        var bytes = buffer ??= new(4 << 10);
        try
        {
            var json = writer ??= EdnaJson.WriterTo(bytes);
            json.Reset(bytes);
            JsonSerializer.Serialize(json, value, EdnaJson.Of<T>());
            json.Flush();
            response.StatusCode = status;
            response.ContentType = mediaType;
            response.ContentLength = bytes.WrittenCount;
            response.BodyWriter.Write(bytes.WrittenSpan);
        }
        finally
        {
            if (bytes.Capacity > KeptBytes) (buffer, writer) = (null, null);
            else bytes.ResetWrittenCount();
        }
    }
}
