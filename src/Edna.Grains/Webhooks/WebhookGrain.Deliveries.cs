using System.Globalization;
using Edna.Results;

namespace Edna.Webhooks;

/// <summary>This part: looking at deliveries, and having them made.</summary>
public sealed partial class WebhookGrain
{
    /// <inheritdoc />
    public async Task<Result<WebhookDelivery>> TestAsync()
    {
        if (Missing() is { } missing) return missing;
        var test = new QueuedDelivery { Id = WebhookMessage.NewId(), MadeAt = time.GetUtcNow() };
        var answer = await AttemptAsync(test.Id, BodyOf(test), CancellationToken.None);
        var delivered = AnswerMeanings.Of(answer.Status) == AnswerMeaning.Delivered;
        Queue = Queue.With(test.Tried(answer) with { State = delivered ? DeliveryState.Delivered : DeliveryState.Failed });
        await KeepAsync();
        return Queue.Find(test.Id) is { } done ? done.ToDelivery() : WebhookErrors.DeliveryNotFound(test.Id);
    }

    /// <inheritdoc />
    public Task<Result<WebhookDeliveryPage>> ListDeliveriesAsync(string? cursor, int limit)
    {
        var before = long.MaxValue;
        if (Missing() is { } missing) return Task.FromResult<Result<WebhookDeliveryPage>>(missing);
        if (cursor is not null && !long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out before))
            return Task.FromResult<Result<WebhookDeliveryPage>>(RequestErrors.Invalid("cursor", "must be a nextCursor of this list"));
        var page = Queue.Before(before, limit);
        var more = page.Count == limit && Queue.Before(page[^1].Number, 1).Count > 0;
        return Task.FromResult<Result<WebhookDeliveryPage>>(new WebhookDeliveryPage
        {
            Items = [.. page.Select(d => d.ToDelivery())], NextCursor = more ? page[^1].Number.ToString(CultureInfo.InvariantCulture) : null,
        });
    }

    /// <inheritdoc />
    public async Task<Result<WebhookDelivery>> RedeliverAsync(string delivery)
    {
        if (Missing() is { } missing) return missing;
        if (Queue.Find(delivery) is not { } found) return WebhookErrors.DeliveryNotFound(delivery);
        if (!underWay.Add(delivery)) return WebhookErrors.DeliveryUnderWay(delivery);
        try
        {
            await AttemptAsync(delivery, BodyOf(found), CancellationToken.None);
        }
        finally
        {
            underWay.Remove(delivery);
        }
        await KeepAsync();
        // Those that waited for it, or for a hand that was free, may go now.
        await NoticeAsync();
        return Queue.Find(delivery) is { } done ? done.ToDelivery() : WebhookErrors.DeliveryNotFound(delivery);
    }

    private byte[] BodyOf(QueuedDelivery delivery) => delivery switch
    {
        { Change: { } change } => WebhookMessage.Of(dataset.Dataset, change),
        { Expired: { } expired } => WebhookMessage.Of(dataset.Dataset, expired),
        _ => WebhookMessage.Test(dataset.Dataset, id, delivery.MadeAt ?? state.State.CreatedAt),
    };
}
