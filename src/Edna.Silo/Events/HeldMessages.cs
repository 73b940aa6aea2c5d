using System.Collections.Concurrent;
using Amazon.SQS.Model;
using Microsoft.Extensions.Logging;

namespace Edna.Events;

/// <summary>
/// Messages that tell of large objects whose checksum is being computed. They are held, hidden from others, and taken again until that
/// has ended: given back each time, they would use up the queue's <c>maxReceiveCount</c>. They are held beside the consumers, which go
/// on with other messages.
/// </summary>
internal sealed partial class HeldMessages(MessageIntake intake, MessagesInWork open, TimeProvider time, ILogger<SqsEventConsumer> log)
{
    /// <summary>Messages held at a time; more are given back and come again, later each time.</summary>
    public const int Most = 100;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private readonly ConcurrentDictionary<string, Task> held = new();
    private int count;

    /// <summary>How long a message is held: SQS hides none for more than twelve hours after it was received.</summary>
    public static TimeSpan Longest { get; } = TimeSpan.FromHours(10);

    /// <summary>Completes when nothing is held any more.</summary>
    public Task Ended => Task.WhenAll(held.Values);

    /// <summary>Holds a message, if there is room, until its events are taken; from then on it is settled here.</summary>
    /// <param name="message">A message in work.</param>
    /// <param name="stopping">Ends the holding; the message is then still in work.</param>
    public bool TryHold(Message message, CancellationToken stopping)
    {
        if (Interlocked.Increment(ref count) > Most)
        {
            Interlocked.Decrement(ref count);
            LogFull(message.MessageId, Most);
            return false;
        }
        LogHeld(message.MessageId);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        held[message.ReceiptHandle] = ended.Task;
        _ = HoldAsync(message, ended, stopping);
        return true;
    }

    private async Task HoldAsync(Message message, TaskCompletionSource ended, CancellationToken stopping)
    {
        try
        {
            var (since, fate) = (time.GetTimestamp(), MessageFate.Verifying);
            for (var pause = FirstPause; fate == MessageFate.Verifying && time.GetElapsedTime(since) < Longest; pause = Longer(pause))
            {
                await Task.Delay(pause, time, stopping);
                fate = await intake.TakeAsync(message);
            }
            if (fate == MessageFate.Verifying) LogTooLong(message.MessageId, Longest);
            await open.SettleAsync([(message, fate)]);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // It is given back with all that is still in work.
        }
        catch (Exception e)
        {
            LogUnsettled(message.MessageId, e);
        }
        finally
        {
            Interlocked.Decrement(ref count);
            held.TryRemove(message.ReceiptHandle, out _);
            ended.SetResult();
        }
    }

    private static TimeSpan Longer(TimeSpan pause) => pause * 2 < LongestPause ? pause * 2 : LongestPause;

    [LoggerMessage(Level = LogLevel.Information, Message = "Message {Message} tells of a large object whose checksum is being computed; it is held until that has ended")]
    private partial void LogHeld(string message);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Message {Message} waits for a checksum that is being computed, and {Most} messages are held already; it comes again")]
    private partial void LogFull(string message, int most);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Message {Message} was held for {Longest} and the checksum is still being computed; it comes again")]
    private partial void LogTooLong(string message, TimeSpan longest);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Message {Message} was worked off but could not be settled at the queue; it comes again and changes nothing")]
    private partial void LogUnsettled(string message, Exception e);
}
