namespace Edna.Webhooks;

/// <summary>
/// On start, tells the webhooks to look: what a killed process had under way, and what it was told of last, nobody else knows until their
/// reminders come round. Every webhook that sends has a reminder, so these say which there are. One that is told by several silos looks once more.
/// </summary>
public sealed class WebhooksOnStart(IGrainFactory grains, IReminderTable reminders) : IStartupTask
{
    /// <inheritdoc />
    public async Task Execute(CancellationToken cancellationToken)
    {
        var type = grains.GetGrain<IWebhookGrain>("any").GetGrainId().Type;
        // The whole ring: from a place to the same place.
        foreach (var reminder in (await reminders.ReadRows(0, 0, cancellationToken)).Reminders)
            if (reminder.GrainId.Type == type) grains.GetGrain<IWebhookGrain>(reminder.GrainId).NoticeAsync().Ignore();
    }
}
