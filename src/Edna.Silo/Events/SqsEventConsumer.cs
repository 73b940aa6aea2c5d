using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Edna.Events;

/// <summary>
/// Takes object events from a queue. A message is removed only after its events were worked off, so none is lost however this
/// process ends; what could not be worked off comes again later, and what cannot be read, or not all of it, goes to the dead-letter queue.
/// </summary>
internal sealed partial class SqsEventConsumer : IHostedLifecycleService, IDisposable
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(4);

    private readonly SqsEventQueue queue;
    private readonly SqsEventOptions options;
    private readonly TimeProvider time;
    private readonly ILogger<SqsEventConsumer> log;
    private readonly MessageIntake intake;
    private readonly MessagesInWork open;
    private readonly HeldMessages held;
    private readonly CancellationTokenSource stopping = new();
    private readonly CancellationTokenSource givingBack = new();
    private Task work = Task.CompletedTask;
    private Task keeping = Task.CompletedTask;

    /// <summary>Creates the consumer; it owns the queue's client.</summary>
    public SqsEventConsumer(SqsEventQueue queue, IGrainFactory grains, SqsEventOptions options, TimeProvider time, ILogger<SqsEventConsumer> log)
    {
        (this.queue, this.options, this.time, this.log) = (queue, options, time, log);
        intake = new(queue, grains, log);
        open = new(queue, options, time, log);
        held = new(intake, open, time, log);
    }

    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Begins once everything else has started, the silo among it.</summary>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        LogStarts(options.QueueUrl!, options.Consumers);
        keeping = Task.Run(() => open.KeepAsync(givingBack.Token), CancellationToken.None);
        work = Task.WhenAll(Enumerable.Range(0, options.Consumers).Select(_ => Task.Run(ConsumeAsync, CancellationToken.None)));
        return Task.CompletedTask;
    }

    /// <summary>Ends before anything else stops: nothing more is received, what is in work is finished, and what will not finish is given back.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        await stopping.CancelAsync();
        await EndOfAsync(FinishAsync(), cancellationToken);
        // What has been given back is somebody else's, though the work on it may not have ended yet: it must not be hidden again.
        await givingBack.CancelAsync();
        await EndOfAsync(keeping, cancellationToken);
        await open.GiveBackAsync();
    }

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public void Dispose()
    {
        stopping.Dispose();
        givingBack.Dispose();
        queue.Dispose();
    }

    private async Task FinishAsync()
    {
        await work;
        await held.Ended;
    }

    private async Task EndOfAsync(Task some, CancellationToken ct)
    {
        try
        {
            await some.WaitAsync(StopPatience, time, ct);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            // It is not waited for any longer.
        }
    }

    private async Task ConsumeAsync()
    {
        for (var pause = ShortestPause; !stopping.IsCancellationRequested;)
        {
            try
            {
                var messages = await queue.ReceiveAsync(stopping.Token);
                if (messages.Count > 0)
                {
                    // Side by side; what has to wait for a checksum is set aside, so that it keeps nothing up.
                    open.Add(messages);
                    var ended = await Task.WhenAll(messages.Select(async message => (Message: message, Fate: await intake.TakeAsync(message))));
                    await open.SettleAsync([.. ended.Where(m => m.Fate != MessageFate.Verifying || !held.TryHold(m.Message, stopping.Token))]);
                }
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

    [LoggerMessage(Level = LogLevel.Information, Message = "Object events are taken from {Queue} by {Consumers} consumers")]
    private partial void LogStarts(Uri queue, int consumers);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The event queue does not answer; trying again in about {Pause}. Nothing is lost")]
    private partial void LogAway(TimeSpan pause, Exception e);
}
