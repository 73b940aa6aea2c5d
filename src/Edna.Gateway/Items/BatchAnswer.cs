using System.Text.Json;
using Edna.Answers;
using Edna.Json;
using Edna.Problems;
using Edna.Results;

namespace Edna.Items;

/// <summary>
/// <c>{"results": […]}</c>, one outcome an entry, in order: written straight to the connection, a stretch at a time, so that an
/// answer of a thousand items never stands in memory as a whole.
/// </summary>
/// <typeparam name="T">What a success is.</typeparam>
/// <param name="results">The outcomes.</param>
/// <param name="write">Writes a success, with its place, as one JSON object.</param>
internal sealed class BatchAnswer<T>(IReadOnlyList<Result<T>> results, Action<Utf8JsonWriter, T, int> write) : IResult where T : class
{
    private const int FlushBytes = 64 << 10;

    private static readonly JsonEncodedText Results = JsonEncodedText.Encode("results");
    private static readonly JsonEncodedText ProblemName = JsonEncodedText.Encode("problem");

    /// <inheritdoc />
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.ContentType = JsonAnswers.MediaType;
        var output = httpContext.Response.BodyWriter;
        await using var json = EdnaJson.WriterTo(output);
        json.WriteStartObject();
        json.WriteStartArray(Results);
        for (var i = 0; i < results.Count; i++)
        {
            Write(json, results[i], i, httpContext);
            if (json.BytesPending < FlushBytes) continue;
            json.Flush();
            await output.FlushAsync(httpContext.RequestAborted);
        }
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        await output.FlushAsync(httpContext.RequestAborted);
    }

    private void Write(Utf8JsonWriter json, Result<T> result, int place, HttpContext http)
    {
        if (result.TryGet(out var value, out var problem))
        {
            write(json, value, place);
            return;
        }
        json.WriteStartObject();
        json.WritePropertyName(ProblemName);
        JsonSerializer.Serialize(json, ProblemDocument.From(problem, http), EdnaJson.Of<ProblemDocument>());
        json.WriteEndObject();
    }
}
