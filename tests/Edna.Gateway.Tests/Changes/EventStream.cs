using System.Text.Json;
using Xunit;

namespace Edna.Gateway.Tests.Changes;

/// <summary>One event of a stream.</summary>
internal sealed record StreamedEvent(string? Id, string Kind, JsonElement Data);

/// <summary>A reader of server-sent events, line by line as the standard says.</summary>
internal sealed class EventStream(HttpResponseMessage response, StreamReader lines) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>The id received last: where to go on.</summary>
    public string? LastId { get; private set; }

    /// <summary>Comments received.</summary>
    public int Comments { get; private set; }

    public static async Task<EventStream> OpenAsync(HttpClient client, string address, string? lastId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.TryAddWithoutValidation("Accept", "text/event-stream");
        if (lastId is not null) request.Headers.TryAddWithoutValidation("Last-Event-ID", lastId);
        var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).WaitAsync(Patience);
        Assert.True(response.IsSuccessStatusCode, response.IsSuccessStatusCode ? "" : await response.Content.ReadAsStringAsync());
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        return new(response, new(await response.Content.ReadAsStreamAsync()));
    }

    /// <summary>The next event; null when the stream has ended or the connection was cut.</summary>
    public async Task<StreamedEvent?> NextAsync()
    {
        var (kind, data, id) = ("message", (string?)null, (string?)null);
        while (await LineAsync() is { } line)
        {
            if (line.Length == 0)
            {
                LastId = id ?? LastId;
                if (data is not null) return new(id, kind, JsonElement.Parse(data));
            }
            else if (line[0] == ':') Comments++;
            else if (line.StartsWith("id: ", StringComparison.Ordinal)) id = line[4..];
            else if (line.StartsWith("event: ", StringComparison.Ordinal)) kind = line[7..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal)) data = line[6..];
            else Assert.StartsWith("retry: ", line, StringComparison.Ordinal);
        }
        return null;
    }

    /// <summary>The next changes, so many, each with its cursor as id.</summary>
    public async Task<List<JsonElement>> TakeAsync(int count)
    {
        var changes = new List<JsonElement>(count);
        while (changes.Count < count)
        {
            var next = await NextAsync() ?? throw new InvalidOperationException($"The stream ended after {changes.Count} of {count} changes.");
            Assert.Equal("change", next.Kind);
            Assert.Equal(next.Data.GetProperty("cursor").GetString(), next.Id);
            changes.Add(next.Data);
        }
        return changes;
    }

    /// <summary>Reads on to the event that ends the stream, and to the end behind it; its code.</summary>
    public async Task<string> EndAsync(Action<JsonElement>? change = null)
    {
        while (true)
        {
            var next = await NextAsync() ?? throw new InvalidOperationException("The stream ended without saying why.");
            if (next.Kind == "change")
            {
                change?.Invoke(next.Data);
                continue;
            }
            Assert.Equal("end", next.Kind);
            Assert.Null(await LineAsync());
            return next.Data.GetProperty("code").GetString()!;
        }
    }

    public void Dispose()
    {
        lines.Dispose();
        response.Dispose();
    }

    private async Task<string?> LineAsync()
    {
        try
        {
            return await lines.ReadLineAsync().WaitAsync(Patience);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            return null;
        }
    }
}
