using Edna.Json;
using Edna.Results;
using Orleans.Concurrency;

namespace Edna.Webhooks;

/// <summary>
/// One webhook: its settings, its place in the dataset's change feed, and its deliveries. Key: <c>tenant/dataset/id</c>. Answers while
/// deliveries are on their way.
/// </summary>
[Alias("edna.IWebhookGrain")]
public interface IWebhookGrain : IGrainWithStringKey
{
    /// <summary>Makes the webhook, with a new secret; it tells of changes from now on.</summary>
    /// <param name="request">What to make, checked by the directory.</param>
    /// <param name="by">Who asks.</param>
    [Alias("Create")] Task<Webhook> CreateAsync(CreateWebhook request, string by);

    /// <summary>The webhook. Errors: <c>webhook.not_found</c>.</summary>
    [Alias("Get"), ReadOnly] Task<Result<Webhook>> GetAsync();

    /// <summary>
    /// Applies a JSON merge patch (RFC 7396) of <c>url</c>, <c>kinds</c>, <c>description</c>, <c>enabled</c>. One that is enabled again goes on
    /// where it stopped. Errors: <c>webhook.not_found</c>, <c>request.invalid</c>, <c>webhook.target_refused</c>.
    /// </summary>
    /// <param name="mergePatch">A JSON object.</param>
    [Alias("Patch")] Task<Result<Webhook>> PatchAsync(JsonText mergePatch);

    /// <summary>Makes a new secret; those before sign too for a while. Errors: <c>webhook.not_found</c>, <c>request.invalid</c>.</summary>
    /// <param name="request">For how long.</param>
    [Alias("Rotate"), Once] Task<Result<Webhook>> RotateAsync(RotateSecret request);

    /// <summary>Removes the webhook with its deliveries; nothing is sent any more. It does not wait for other calls: one of them may wait for the dataset, which removes.</summary>
    [Alias("Remove"), AlwaysInterleave] Task RemoveAsync();

    /// <summary>Sends a message of type <c>webhook.test</c>, once, and answers what came of it. Errors: <c>webhook.not_found</c>.</summary>
    [Alias("Test"), Once, AlwaysInterleave] Task<Result<WebhookDelivery>> TestAsync();

    /// <summary>A page of the deliveries: those that wait and the last ones settled. Errors: <c>webhook.not_found</c>, <c>request.invalid</c>.</summary>
    [Alias("ListDeliveries"), AlwaysInterleave] Task<Result<WebhookDeliveryPage>> ListDeliveriesAsync(string? cursor, int limit);

    /// <summary>
    /// Tries a delivery now, with its id, and answers what came of it. Errors: <c>webhook.not_found</c>, <c>webhook.delivery_not_found</c>,
    /// <c>webhook.delivery_under_way</c>.
    /// </summary>
    /// <param name="delivery">The delivery's id.</param>
    [Alias("Redeliver"), Once, AlwaysInterleave] Task<Result<WebhookDelivery>> RedeliverAsync(string delivery);

    /// <summary>The dataset has changed: look. Calls may be lost, doubled or late.</summary>
    [Alias("Notice"), OneWay, AlwaysInterleave] Task NoticeAsync();
}

/// <summary>The webhooks of a dataset. Key: <see cref="Keys.DatasetKey"/>.</summary>
[Alias("edna.IWebhookDirectoryGrain")]
public interface IWebhookDirectoryGrain : IGrainWithStringKey
{
    /// <summary>Makes a webhook. Errors: <c>request.invalid</c>, <c>webhook.target_refused</c>, <c>webhook.limit_reached</c>.</summary>
    /// <param name="request">What to make.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="name">The id that it gets; one that has it already is answered, without its secret. Null for a new one.</param>
    [Alias("Create"), Once] Task<Result<Webhook>> CreateAsync(CreateWebhook request, string by, string? name = null);

    /// <summary>A page of the webhooks, without their secrets, by id.</summary>
    [Alias("List"), AlwaysInterleave] Task<Result<WebhookPage>> ListAsync(string? cursor, int limit);

    /// <summary>The ids of all webhooks.</summary>
    [Alias("Ids"), AlwaysInterleave] Task<IReadOnlyList<string>> GetIdsAsync();

    /// <summary>Removes a webhook. Errors: <c>webhook.not_found</c>.</summary>
    /// <param name="id">Which one.</param>
    [Alias("Remove"), Removes("webhook.not_found")] Task<Result<Done>> RemoveAsync(string id);

    /// <summary>Removes all of them, for the dataset goes.</summary>
    [Alias("RemoveAll")] Task RemoveAllAsync();
}
