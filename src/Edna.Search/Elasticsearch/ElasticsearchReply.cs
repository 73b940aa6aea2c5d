using System.Text.Json;

namespace Edna.Search.Elasticsearch;

/// <summary>An answer of the server, its body still to be read.</summary>
internal sealed class ElasticsearchReply(HttpResponseMessage response, CancellationTokenSource timeout, CancellationToken ct) : IDisposable
{
    private const int LongestReason = 1_000;

    /// <summary>The HTTP status.</summary>
    public int Status => (int)response.StatusCode;

    /// <summary>Whether the request was taken.</summary>
    public bool IsSuccess => response.IsSuccessStatusCode;

    /// <summary>Opens the body.</summary>
    public async Task<JsonStream> OpenAsync()
    {
        try
        {
            return new(await response.Content.ReadAsStreamAsync(timeout.Token), timeout.Token, ct);
        }
        catch (Exception e) when (ElasticsearchFault.IsTransport(e, ct))
        {
            throw ElasticsearchFault.Unavailable(e);
        }
    }

    /// <summary>Reads why the request was refused. A body that is no error of the server's (a proxy's page) leaves the status only.</summary>
    public async Task<ElasticsearchRefusal> ReadRefusalAsync()
    {
        var (type, reason) = ("", "it gave no reason");
        try
        {
            using var json = await OpenAsync();
            await json.ExpectAsync(JsonTokenType.StartObject);
            while (await json.ReadNameAsync())
            {
                if (json.Text == "error") (type, reason) = await ReadErrorAsync(json);
                else await json.SkipAsync();
            }
        }
        catch (Results.UnavailableException) when (!ct.IsCancellationRequested)
        {
            // The status says enough.
        }
        return new(Status, type, reason);
    }

    /// <summary>Reads the object of an error, or its text.</summary>
    public static async Task<(string Type, string Reason)> ReadErrorAsync(JsonStream json)
    {
        await json.ReadAsync();
        if (json.Token == JsonTokenType.String) return ("", Short(json.Text));
        if (json.Token != JsonTokenType.StartObject) throw JsonStream.Garbled("an error was expected");
        var (type, reason) = ("", "");
        while (await json.ReadNameAsync())
        {
            switch (json.Text)
            {
                case "type":
                    await json.ExpectAsync(JsonTokenType.String);
                    type = json.Text;
                    break;
                case "reason":
                    await json.ReadAsync();
                    if (json.Token == JsonTokenType.String) reason = json.Text;
                    break;
                case "caused_by":
                    // The outer error says "failed to parse", the inner one what and why.
                    var cause = await ReadErrorAsync(json);
                    reason = $"{reason} ({cause.Reason})";
                    break;
                default:
                    await json.SkipAsync();
                    break;
            }
        }
        return (type, Short(reason));
    }

    public void Dispose()
    {
        response.Dispose();
        timeout.Dispose();
    }

    private static string Short(string reason) => reason.Length <= LongestReason ? reason : reason[..LongestReason];
}
