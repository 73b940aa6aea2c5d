using System.Text.Json;
using Edna.Access;
using Edna.Answers;
using Edna.Idempotency;
using Edna.Json;
using Edna.OpenApi;
using Edna.Requests;
using Edna.Results;

namespace Edna.Webhooks;

/// <summary><c>/v1/datasets/{dataset}/webhooks</c>.</summary>
internal static class WebhookEndpoints
{
    /// <summary>Maps the routes. They need <c>admin</c>: a webhook takes what happens in the dataset elsewhere.</summary>
    public static void MapWebhooks(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/datasets/{dataset}/webhooks").WithTags("Webhooks").AddEndpointFilter<BoundFilter>();
        group.MapPost("", CreateAsync).Requires(Permissions.Admin).Idempotent(WithoutSecret)
            .Says<Webhook>("Have changes sent to an address; the answer alone has the secret", 201).Refuses(404, 409);
        group.MapGet("", ListAsync).Requires(Permissions.Admin)
            .Says<WebhookPage>("List the webhooks").Refuses(404);
        group.MapGet("{webhook}", GetAsync).Requires(Permissions.Admin)
            .Says<Webhook>("Read a webhook, without its secret").Refuses(404);
        group.MapPatch("{webhook}", PatchAsync).Requires(Permissions.Admin)
            .Says<Webhook>("Change a webhook by JSON merge patch").Refuses(404);
        group.MapDelete("{webhook}", RemoveAsync).Requires(Permissions.Admin)
            .Says("Remove a webhook; nothing is sent any more", 204).Refuses(404);
        group.MapPost("{webhook}/secret:rotate", RotateAsync).Requires(Permissions.Admin)
            .Says<Webhook>("Make a new secret; the one before signs too for a while").Refuses(404);
        group.MapPost("{webhook}/test", TestAsync).Requires(Permissions.Admin)
            .Says<WebhookDelivery>("Send a message of type webhook.test and see what comes of it").Refuses(404);
        group.MapGet("{webhook}/deliveries", ListDeliveriesAsync).Requires(Permissions.Admin)
            .Says<WebhookDeliveryPage>("List the deliveries with their answers, the newest first").Refuses(404);
        group.MapPost("{webhook}/deliveries/{delivery}/redeliver", RedeliverAsync).Requires(Permissions.Admin)
            .Says<WebhookDelivery>("Try a delivery again now, with the same webhook-id").Refuses(404, 409);
    }

    private static async Task<Answer<Webhook>> CreateAsync(DatasetAddress at, Body<CreateWebhook> body, IdempotencyKey key, IGrainFactory grains)
    {
        // Here, not in the directory: the dataset's grain calls that one when it goes.
        if (!(await grains.Dataset(at.Key).GetAsync()).TryGet(out _, out var problem)) return problem;
        return (await grains.Webhooks(at.Key).CreateAsync(body.Value, at.By, key.Name)).TryGet(out var made, out problem)
            ? new Answer<Webhook> { Value = made, Status = 201, Location = $"{at.Location}/webhooks/{made.Id}" }
            : problem;
    }

    private static async Task<Answer<WebhookPage>> ListAsync(DatasetAddress at, Page page, IGrainFactory grains)
    {
        if (!(await grains.Dataset(at.Key).GetAsync()).TryGet(out _, out var problem)) return problem;
        return (await grains.Webhooks(at.Key).ListAsync(page.Cursor, page.Limit)).ToAnswer();
    }

    private static async Task<Answer<Webhook>> GetAsync(WebhookAddress at, IGrainFactory grains) => (await at.In(grains).GetAsync()).ToAnswer();

    private static async Task<Answer<Webhook>> PatchAsync(WebhookAddress at, Requests.MergePatch patch, IGrainFactory grains) =>
        (await at.In(grains).PatchAsync(patch.Value)).ToAnswer();

    private static async Task<Answer<Done>> RemoveAsync(WebhookAddress at, IGrainFactory grains) =>
        (await grains.Webhooks(at.Dataset).RemoveAsync(at.Id)).ToNoContent();

    private static async Task<Answer<Webhook>> RotateAsync(WebhookAddress at, OptionalBody<RotateSecret> body, IGrainFactory grains) =>
        (await at.In(grains).RotateAsync(body.Value ?? new())).ToAnswer();

    private static async Task<Answer<WebhookDelivery>> TestAsync(WebhookAddress at, IGrainFactory grains) => (await at.In(grains).TestAsync()).ToAnswer();

    private static async Task<Answer<WebhookDeliveryPage>> ListDeliveriesAsync(WebhookAddress at, Page page, IGrainFactory grains) =>
        (await at.In(grains).ListDeliveriesAsync(page.Cursor, page.Limit)).ToAnswer();

    private static async Task<Answer<WebhookDelivery>> RedeliverAsync(WebhookAddress at, DeliveryAddress of, IGrainFactory grains) =>
        (await at.In(grains).RedeliverAsync(of.Id)).ToAnswer();

    // An answer that is kept to be repeated must not keep the secret with it.
    private static byte[] WithoutSecret(byte[] body) =>
        JsonSerializer.SerializeToUtf8Bytes(JsonSerializer.Deserialize(body, EdnaJson.Of<Webhook>())! with { Secret = null }, EdnaJson.Of<Webhook>());
}
