using Edna.Hosting;

namespace Edna.Webhooks;

/// <summary>This part: what is stored, one write after the other, and never after the webhook was removed.</summary>
public sealed partial class WebhookGrain
{
    private static readonly TimeSpan PassByInterval = TimeSpan.FromSeconds(30);

    private Task writing = Task.CompletedTask;
    private long keptAt;

    /// <summary>Stores changed settings, unless the webhook was removed meanwhile.</summary>
    private Task ChangeAsync(Func<WebhookState, WebhookState> change) => InTurnAsync(async () =>
    {
        if (state.RecordExists && change(state.State) is var next && next != state.State) await state.WriteAsync(next, DeactivateOnIdle);
    });

    /// <summary>
    /// Stores how the deliveries stand, unless that is stored already, or the webhook was removed. Where only changes were passed by that are
    /// of no kind wanted, now and then will do: after a crash they are passed by again.
    /// </summary>
    private Task KeepAsync(bool always = false) => InTurnAsync(async () =>
    {
        if (!state.RecordExists || ReferenceEquals(Queue, kept.State)) return;
        if (!always && Queue.HasDeliveriesOf(kept.State) && time.GetElapsedTime(keptAt) < PassByInterval) return;
        keptAt = time.GetTimestamp();
        await kept.WriteAsync(Queue, DeactivateOnIdle);
    });

    /// <summary>Does one write after the other, for calls and deliveries interleave.</summary>
    private Task InTurnAsync(Func<Task> write)
    {
        return writing = AfterAsync(writing);

        async Task AfterAsync(Task before)
        {
            await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            await write();
        }
    }
}
