using System.Text.Json;
using Edna.Results;
using Microsoft.Extensions.Logging;

namespace Edna.Search.Elasticsearch;

/// <summary>
/// Opens and closes points in time, which let the pages after the first be read from the index as it was. They are a favour: servers
/// have few of them, and without one the pages are still without gaps and repeats of what stays as it is.
/// </summary>
internal sealed partial class PointsInTime(ElasticsearchClient client, ElasticsearchOptions options, ILogger<PointsInTime> log)
{
    /// <summary>How long one lasts after the last page that was read from it.</summary>
    public const string KeepAlive = "2m";

    /// <summary>Opens one; null when the server will not.</summary>
    public async Task<string?> OpenAsync(CancellationToken ct)
    {
        var isElastic = options.Flavor == ElasticsearchFlavor.Elasticsearch;
        var path = $"/{options.Index}/{(isElastic ? "_pit" : "_search/point_in_time")}?keep_alive={KeepAlive}";
        using var reply = await client.SendAsync(HttpMethod.Post, path, null, BodyKind.Json, ct);
        if (!reply.IsSuccess)
        {
            var refusal = await reply.ReadRefusalAsync();
            LogNone(log, refusal);
            return null;
        }
        using var json = await reply.OpenAsync();
        string? id = null;
        await json.ExpectAsync(JsonTokenType.StartObject);
        while (await json.ReadNameAsync())
        {
            if (json.Text != (isElastic ? "id" : "pit_id"))
            {
                await json.SkipAsync();
                continue;
            }
            await json.ExpectAsync(JsonTokenType.String);
            id = json.Text;
        }
        return id;
    }

    /// <summary>Closes one. It would end by itself; closing it early leaves room for others, and failing to is only logged.</summary>
    public async Task CloseAsync(string id, CancellationToken ct)
    {
        using var body = new PooledBuffer();
        Write(body, id);
        try
        {
            using var reply = await client.SendAsync(
                HttpMethod.Delete, options.Flavor == ElasticsearchFlavor.Elasticsearch ? "/_pit" : "/_search/point_in_time", body, BodyKind.Json, ct);
            if (reply is not { IsSuccess: false, Status: not 404 }) return;
            var refusal = await reply.ReadRefusalAsync();
            LogNotClosed(log, refusal, null);
        }
        catch (UnavailableException e)
        {
            LogNotClosed(log, null, e);
        }
    }

    private void Write(PooledBuffer to, string id)
    {
        using var json = RequestJson.Begin(to);
        json.WriteStartObject();
        if (options.Flavor == ElasticsearchFlavor.Elasticsearch)
        {
            json.WriteString("id", id);
        }
        else
        {
            json.WriteStartArray("pit_id");
            json.WriteStringValue(id);
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The search index opens no point in time ({Refusal}); pages are read from the index as it is")]
    private static partial void LogNone(ILogger log, ElasticsearchRefusal refusal);

    [LoggerMessage(Level = LogLevel.Debug, Message = "A point in time was not closed ({Refusal}); it ends by itself")]
    private static partial void LogNotClosed(ILogger log, ElasticsearchRefusal? refusal, Exception? fault);
}
