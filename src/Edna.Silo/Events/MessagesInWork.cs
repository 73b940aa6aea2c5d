using System.Collections.Concurrent;
using System.Globalization;
using Amazon.SQS.Model;
using Microsoft.Extensions.Logging;

namespace Edna.Events;

/// <summary>The messages that this process has received and not settled: keeps them hidden from others, settles them, gives them back.</summary>
internal sealed partial class MessagesInWork(SqsEventQueue queue, SqsEventOptions options, TimeProvider time, ILogger<SqsEventConsumer> log)
{
    private static readonly TimeSpan LongestReturn = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Unburied = TimeSpan.FromHours(1);

    // By receipt: a message that came twice is two of them.
    private readonly ConcurrentDictionary<string, Message> open = new();

    /// <summary>Notes messages that were received.</summary>
    public void Add(IReadOnlyList<Message> messages)
    {
        foreach (var message in messages) open[message.ReceiptHandle] = message;
    }

    /// <summary>Removes at the queue what is done, and has the rest come again in its time. Where that fails the queue does it by itself.</summary>
    public async Task SettleAsync(IReadOnlyList<(Message Message, MessageFate Fate)> ended)
    {
        foreach (var (message, _) in ended) open.TryRemove(message.ReceiptHandle, out _);
        var refused = await queue.HideAsync([.. ended.Where(m => m.Fate is MessageFate.Later or MessageFate.Verifying).Select(m => (m.Message, ReturnOf(m.Message)))]);
        refused += await queue.HideAsync([.. ended.Where(m => m.Fate == MessageFate.Poison).Select(m => (m.Message, Unburied))]);
        if (refused > 0) LogRefused(refused);
        var left = await queue.DeleteAsync([.. ended.Where(m => m.Fate == MessageFate.Done).Select(m => m.Message)]);
        if (left > 0) LogLeft(left);
    }

    /// <summary>Extends the time that messages are hidden, for as long as they are worked on; until it is cancelled.</summary>
    public async Task KeepAsync(CancellationToken ended)
    {
        using var timer = new PeriodicTimer(options.Visibility / 3, time);
        try
        {
            while (await timer.WaitForNextTickAsync(ended)) await EachAsync(queue.KeepAsync, ended);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // What is open is given back.
        }
    }

    /// <summary>Gives back what is open, to whoever asks next.</summary>
    public Task GiveBackAsync() => EachAsync(some => queue.HideAsync([.. some.Select(m => (m, TimeSpan.Zero))]), CancellationToken.None);

    private async Task EachAsync(Func<IReadOnlyCollection<Message>, Task<int>> work, CancellationToken ended)
    {
        foreach (var some in open.Values.Chunk(SqsEventQueue.MostMessages))
        {
            ended.ThrowIfCancellationRequested();
            try
            {
                if (await work(some) is > 0 and var refused) LogRefused(refused);
            }
            catch (Exception e)
            {
                LogNotKept(e);
            }
        }
    }

    /// <summary>When a message that could not be worked off comes again: later each time.</summary>
    private static TimeSpan ReturnOf(Message message)
    {
        var times = message.Attributes is { } all && all.TryGetValue("ApproximateReceiveCount", out var text)
            && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? Math.Clamp(count, 1, 16) : 1;
        var pause = TimeSpan.FromSeconds(1L << times);
        return pause < LongestReturn ? pause : LongestReturn;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} messages whose events were worked off could not be removed from the queue; they come again and change nothing")]
    private partial void LogLeft(int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} messages could not be kept hidden; the queue gives them out again, which counts for its maxReceiveCount")]
    private partial void LogRefused(int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Messages could not be kept or given back; the queue gives them out again by itself")]
    private partial void LogNotKept(Exception e);
}
