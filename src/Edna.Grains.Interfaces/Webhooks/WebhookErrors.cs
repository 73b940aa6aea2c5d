using Edna.Results;

namespace Edna.Webhooks;

/// <summary>What can be wrong with a request about webhooks.</summary>
public static class WebhookErrors
{
    /// <summary><c>webhook.not_found</c>.</summary>
    /// <param name="id">The id asked for.</param>
    public static Problem NotFound(string id) => new()
    {
        Code = "webhook.not_found", Status = 404, Title = "There is no such webhook.",
        Detail = $"The dataset has no webhook with the id '{id}'. GET …/webhooks lists those there are.",
    };

    /// <summary><c>webhook.limit_reached</c>.</summary>
    public static Problem LimitReached() => new()
    {
        Code = "webhook.limit_reached", Status = 409, Title = "There are too many webhooks.",
        Detail = $"A dataset may have {WebhookLimits.OfADataset} webhooks. Remove one that is no longer used.",
    };

    /// <summary><c>webhook.target_refused</c>.</summary>
    /// <param name="host">The host of the address.</param>
    public static Problem TargetRefused(string host) => new()
    {
        Code = "webhook.target_refused", Status = 400, Title = "Nothing is sent to this address.",
        Detail = $"'{host}' is in a network that is not public. The operator can allow it: Edna:Webhooks:AllowedNetworks.",
        Errors = new Dictionary<string, string[]> { ["url"] = ["must name a host with a public address"] },
    };

    /// <summary><c>webhook.delivery_not_found</c>.</summary>
    /// <param name="id">The id asked for.</param>
    public static Problem DeliveryNotFound(string id) => new()
    {
        Code = "webhook.delivery_not_found", Status = 404, Title = "There is no such delivery.",
        Detail = $"The webhook has no delivery with the id '{id}' (any more): those that wait and the last {WebhookLimits.Kept} others are kept.",
    };

    /// <summary><c>webhook.delivery_under_way</c>.</summary>
    /// <param name="id">The delivery.</param>
    public static Problem DeliveryUnderWay(string id) => new()
    {
        Code = "webhook.delivery_under_way", Status = 409, Title = "The delivery is being tried.",
        Detail = $"'{id}' is on its way at this moment. Look at its answer first.", RetryAfterSeconds = 5,
    };
}
