using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Amazon.SQS.Model;
using Edna.Results;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Edna.Events;

/// <summary>
/// Takes object events from a queue. A message is removed only after its events were worked off, so none is lost however this
/// process ends; what could not be worked off comes again later, and what cannot be read, or not all of it, goes to the dead-letter queue.
/// </summary>
internal sealed partial class SqsEventConsumer(SqsEventQueue queue, IGrainFactory grains, SqsEventOptions options, TimeProvider time, ILogger<SqsEventConsumer> log)
    : IHostedLifecycleService, IDisposable
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestReturn = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Unburied = TimeSpan.FromHours(1);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(4);
    private volatile bool givenBack;

    private readonly CancellationTokenSource stopping = new();
    private readonly CancellationTokenSource givenUp = new();
    private readonly ConcurrentDictionary<string, Message> held = new();
    private Task work = Task.CompletedTask;

    private enum Fate
    {
        Done,
        Poison,
        Later,
    }

    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Begins once everything else has started, the silo among it.</summary>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        LogStarts(options.QueueUrl!, options.Consumers);
        work = Task.WhenAll(Enumerable.Range(0, options.Consumers).Select(_ => Task.Run(ConsumeAsync, CancellationToken.None)));
        return Task.CompletedTask;
    }

    /// <summary>Ends before anything else stops: nothing more is received, what is held is finished, and what will not finish is given back.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        await stopping.CancelAsync();
        try
        {
            await work.WaitAsync(StopPatience, time, cancellationToken);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            await givenUp.CancelAsync();
            await GiveBackAsync();
        }
    }

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public void Dispose()
    {
        stopping.Dispose();
        givenUp.Dispose();
        queue.Dispose();
    }

    private async Task ConsumeAsync()
    {
        for (var pause = ShortestPause; !stopping.IsCancellationRequested;)
        {
            try
            {
                var messages = await queue.ReceiveAsync(stopping.Token);
                if (messages.Count > 0) await WorkAsync(messages);
                pause = ShortestPause;
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                LogAway(pause, e);
                await Task.Delay(pause * (0.5 + Random.Shared.NextDouble()), time, stopping.Token).ContinueWith(_ => { }, TaskScheduler.Default);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
    }

    /// <summary>Works some messages off, side by side, and settles each at the queue.</summary>
    private async Task WorkAsync(IReadOnlyList<Message> messages)
    {
        foreach (var message in messages) held[message.MessageId] = message;
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(givenUp.Token);
        var keeping = KeepAsync(messages, ends.Token);
        try
        {
            var fates = await Task.WhenAll(messages.Select(TakeAsync));
            await queue.HideAsync([.. messages.Zip(fates).Where(m => m.Second == Fate.Later).Select(m => (m.First, ReturnOf(m.First)))]);
            await queue.HideAsync([.. messages.Zip(fates).Where(m => m.Second == Fate.Poison).Select(m => (m.First, Unburied))]);
            var left = await queue.DeleteAsync([.. messages.Zip(fates).Where(m => m.Second == Fate.Done).Select(m => m.First)]);
            if (left > 0) LogLeft(left);
        }
        finally
        {
            await ends.CancelAsync();
            await keeping;
            foreach (var message in messages) held.TryRemove(message.MessageId, out _);
        }
    }

    private async Task<Fate> TakeAsync(Message message)
    {
        try
        {
            if (!ObjectEvents.Read(Encoding.UTF8.GetBytes(message.Body)).TryGet(out var document, out var invalid)) return await BuryAsync(message, invalid);
            if (document.Events.Count > 0 && (await grains.GetGrain<IEventIntakeGrain>(0).TakeAsync(document.Events)).Problem is { } problem)
            {
                LogLater(message.MessageId, problem.Detail);
                return Fate.Later;
            }
            document.Tell(log);
            // What could be read has been worked off; what could not is kept for somebody to look at.
            return document.Malformed is [var first, ..] ? await BuryAsync(message, EventErrors.Invalid(first.Reason)) : Fate.Done;
        }
        catch (Exception e)
        {
            LogFailed(message.MessageId, e);
        }
        return Fate.Later;
    }

    private async Task<Fate> BuryAsync(Message message, Problem invalid)
    {
        var buried = await queue.BuryAsync(message, invalid.Detail);
        if (buried) LogBuried(message.MessageId, invalid.Detail);
        else LogUnburied(message.MessageId, invalid.Detail);
        return buried ? Fate.Done : Fate.Poison;
    }

    /// <summary>Extends the time that messages are hidden, for as long as they are worked on.</summary>
    private async Task KeepAsync(IReadOnlyCollection<Message> messages, CancellationToken ended)
    {
        using var timer = new PeriodicTimer(options.Visibility / 3, time);
        try
        {
            // What has been given back is somebody else's, though the work on it may not have ended yet.
            while (await timer.WaitForNextTickAsync(ended) && !givenBack)
            {
                try
                {
                    await queue.KeepAsync(messages);
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    LogNotKept(e);
                }
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The work is done.
        }
    }

    private async Task GiveBackAsync()
    {
        givenBack = true;
        foreach (var some in held.Values.Chunk(SqsEventQueue.MostMessages))
        {
            try
            {
                await queue.HideAsync([.. some.Select(m => (m, TimeSpan.Zero))]);
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

    [LoggerMessage(Level = LogLevel.Information, Message = "Object events are taken from {Queue} by {Consumers} consumers")]
    private partial void LogStarts(Uri queue, int consumers);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The event queue does not answer; trying again in about {Pause}. Nothing is lost")]
    private partial void LogAway(TimeSpan pause, Exception e);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The events of message {Message} could not be worked off yet: {Reason} They come again")]
    private partial void LogLater(string message, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The events of message {Message} could not be worked off; they come again")]
    private partial void LogFailed(string message, Exception e);

    [LoggerMessage(Level = LogLevel.Error, Message = "Message {Message} cannot be read, or not all of it, and was moved to the dead-letter queue: {Reason}")]
    private partial void LogBuried(string message, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Message {Message} cannot be read, or not all of it, and there is no dead-letter queue (Edna:Events:Sqs:DeadLetterQueueUrl, or a redrive policy); it stays in the queue: {Reason}")]
    private partial void LogUnburied(string message, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} messages whose events were worked off could not be removed from the queue; they come again and change nothing")]
    private partial void LogLeft(int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Messages could not be kept or given back; the queue gives them out again by itself")]
    private partial void LogNotKept(Exception e);
}
