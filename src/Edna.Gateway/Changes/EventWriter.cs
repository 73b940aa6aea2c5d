using System.Text;
using System.Text.Json;
using Edna.Json;
using Edna.Problems;
using Edna.Results;

namespace Edna.Changes;

/// <summary>Writes server-sent events to one reader, who must take each write in within a bound.</summary>
/// <param name="http">The request.</param>
/// <param name="patience">How long a write may hang.</param>
/// <param name="time">The clock.</param>
/// <param name="stopping">The service stops: what hangs then is given up.</param>
internal sealed class EventWriter(HttpContext http, TimeSpan patience, TimeProvider time, CancellationToken stopping)
{
    private static readonly byte[] Heartbeat = ": \n\n"u8.ToArray();

    /// <summary>When something was written last, as a timestamp.</summary>
    public long WroteAt { get; private set; } = time.GetTimestamp();

    /// <summary>How long the reader has kept writes waiting since it had everything last.</summary>
    public TimeSpan Hung { get; set; }

    /// <summary>Sends the head, and where the stream begins: who is cut off before the first event can go on from there.</summary>
    public Task<bool> BeginAsync(string? cursor)
    {
        http.Response.ContentType = ChangesAsked.EventStream;
        http.Response.Headers.CacheControl = "no-store";
        // Asks proxies (nginx) to hand every event on at once.
        http.Response.Headers["X-Accel-Buffering"] = "no";
        return WriteAsync(Encoding.UTF8.GetBytes(cursor is null ? "retry: 2000\n\n" : $"retry: 2000\nid: {cursor}\n\n"));
    }

    /// <summary>Sends a comment, so that both sides know that the other is there.</summary>
    public Task<bool> BeatAsync() => WriteAsync(Heartbeat);

    /// <summary>Sends the last event: why the stream ends.</summary>
    public Task<bool> EndAsync(Problem why) => WriteAsync((byte[])
        [.. "event: end\ndata: "u8, .. JsonSerializer.SerializeToUtf8Bytes(ProblemDocument.From(why, http), EdnaJson.Of<ProblemDocument>()), .. "\n\n"u8]);

    /// <summary>Sends bytes. A reader that does not take them in time is cut off.</summary>
    /// <returns>False when there is no reader any more.</returns>
    public async Task<bool> WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        var writing = http.Response.BodyWriter.WriteAsync(bytes, CancellationToken.None);
        if (!writing.IsCompleted && !await InTimeAsync(writing.AsTask()))
        {
            http.Abort();
            return false;
        }
        WroteAt = time.GetTimestamp();
        return !http.RequestAborted.IsCancellationRequested;
    }

    private async Task<bool> InTimeAsync(Task writing)
    {
        var began = time.GetTimestamp();
        await writing.WaitAsync(patience, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Hung += time.GetElapsedTime(began);
        return writing.IsCompletedSuccessfully;
    }
}
