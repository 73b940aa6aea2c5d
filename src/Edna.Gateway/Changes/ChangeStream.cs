using Edna.Access;
using Edna.Keys;
using Edna.Problems;
using Edna.Results;

namespace Edna.Changes;

/// <summary>
/// The changes of a dataset as they happen, to one reader: first what the table has after its cursor, page by page, then what all
/// readers share. It holds nothing but the cursor. Who falls behind what is shared reads the table again where there was much at once,
/// and is cut off where it was slow itself; it can go on later where it was.
/// </summary>
internal sealed partial class ChangeStream(ChangeStreams streams, DatasetKey dataset, string? since) : IResult
{
    private bool caughtUp;

    /// <inheritdoc />
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        if (!streams.Hub.Take(dataset).TryGet(out var seat, out var refused))
        {
            await httpContext.WriteProblemAsync(refused);
            return;
        }
        using (seat) await StreamAsync(httpContext, seat.Tail);
    }

    private async Task StreamAsync(HttpContext http, ChangeTail tail)
    {
        // Up to the first page what is wrong is an ordinary answer.
        if (!(await tail.BufferAsync()).TryGet(out var buffer, out var problem))
        {
            await http.WriteProblemAsync(problem);
            return;
        }
        var cursor = since == ChangesAsked.Now ? buffer.Head : since;
        var known = buffer.Floor;
        if (!(await tail.ReadAsync(cursor)).TryGet(out var page, out problem))
        {
            await http.WriteProblemAsync(problem);
            return;
        }
        var writer = new EventWriter(http, streams.Options.SlowReader, streams.Time, streams.Stopping);
        if (!await writer.BeginAsync(cursor)) return;
        var end = await WriteAsync(http, writer, tail, buffer, page, known);
        if (end is not null) await writer.EndAsync(end);
    }

    /// <summary>Writes until there is a reason to end; null when there is nobody to tell it.</summary>
    private async Task<Problem?> WriteAsync(HttpContext http, EventWriter writer, ChangeTail tail, ChangeBuffer buffer, ChangePage page, string known)
    {
        try
        {
            var (cursor, lookedAt, ends) = (await ReplayAsync(writer, page, known), streams.Time.GetTimestamp(), EndOf(streams.Time.GetTimestamp()));
            while (cursor is not null && streams.Time.GetTimestamp() < ends)
            {
                var more = tail.More;
                if (streams.Time.GetElapsedTime(lookedAt) >= streams.Options.Heartbeat)
                {
                    if (await streams.Access.FaultOfAsync(http, Permissions.Read) is { } revoked) return revoked;
                    lookedAt = streams.Time.GetTimestamp();
                    if (streams.Time.GetElapsedTime(writer.WroteAt) >= streams.Options.Heartbeat && !await writer.BeatAsync()) return null;
                }
                if (!buffer.TryRead(cursor, out var events))
                {
                    if (caughtUp && writer.Hung > streams.Options.SlowReader) return ChangeErrors.ReaderTooSlow();
                    known = buffer.Floor;
                    if (!(await tail.ReadAsync(cursor)).TryGet(out var next, out var problem)) return problem;
                    cursor = await ReplayAsync(writer, next, known);
                    continue;
                }
                if (events is null) (caughtUp, writer.Hung) = (true, TimeSpan.Zero);
                if (events is not null) cursor = await writer.WriteAsync(events.After(cursor)) ? events.Last : null;
                else if (streams.Stopping.IsCancellationRequested) return ChangeTail.Stopping();
                else if (tail.Ended is { } ended) return ended;
                else await WaitAsync(http, more, lookedAt, ends);
            }
            return null;
        }
        catch (Exception) when (http.RequestAborted.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception e)
        {
            LogBroken(streams.Log, dataset, e);
            return Faults.ToProblem(e);
        }
    }

    /// <summary>Writes a page of the table.</summary>
    /// <param name="writer">To whom.</param>
    /// <param name="page">The page.</param>
    /// <param name="known">A change that was durable before the page was read: one that is not full has everything up to it.</param>
    /// <returns>Where to go on; null when the reader has gone.</returns>
    private static async Task<string?> ReplayAsync(EventWriter writer, ChangePage page, string known)
    {
        if (page.Changes.Count > 0 && !await writer.WriteAsync(ChangeEvents.Of(page.Changes).After(""))) return null;
        return page.Changes.Count < ChangeTail.PageSize && string.CompareOrdinal(known, page.NextCursor) > 0 ? known : page.NextCursor;
    }

    /// <summary>When a stream that begins now ends without a reason, as a timestamp: its reader connects again and goes on.</summary>
    private long EndOf(long now) => streams.Longest is { } longest ? now + (long)(longest.TotalSeconds * streams.Time.TimestampFrequency) : long.MaxValue;

    private async Task WaitAsync(HttpContext http, Task more, long lookedAt, long end)
    {
        var (now, left) = (streams.Time.GetTimestamp(), streams.Options.Heartbeat - streams.Time.GetElapsedTime(lookedAt));
        if (end < long.MaxValue && streams.Time.GetElapsedTime(now, end) is var rest && rest < left) left = rest;
        if (left <= TimeSpan.Zero) return;
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, streams.Stopping);
        await more.WaitAsync(left, streams.Time, ends.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        http.RequestAborted.ThrowIfCancellationRequested();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A stream of the changes of {Dataset} ended by a fault; its reader is told to connect again")]
    private static partial void LogBroken(ILogger log, DatasetKey dataset, Exception e);
}
