using Edna.Keys;
using Edna.Silo.Tests.Cluster;
using Edna.Webhooks;

namespace Edna.Silo.Tests.Webhooks;

/// <summary>Webhooks of a test's own.</summary>
internal static class WebhookCluster
{
    /// <summary>Makes a webhook.</summary>
    public static Task<Webhook> CreateWebhookAsync(this EdnaCluster edna, DatasetKey dataset, CreateWebhook request) =>
        EdnaCluster.Good(edna.Webhooks(dataset).CreateAsync(request, "ann"));

    /// <summary>The webhooks of a dataset.</summary>
    public static IWebhookDirectoryGrain Webhooks(this EdnaCluster edna, DatasetKey dataset) => edna.Grains.GetGrain<IWebhookDirectoryGrain>(dataset.ToString());

    /// <summary>A webhook.</summary>
    public static IWebhookGrain Webhook(this EdnaCluster edna, DatasetKey dataset, string id) => edna.Grains.GetGrain<IWebhookGrain>($"{dataset}/{id}");

    /// <summary>The deliveries of a webhook, the newest first.</summary>
    public static async Task<IReadOnlyList<WebhookDelivery>> DeliveriesAsync(this EdnaCluster edna, DatasetKey dataset, string id) =>
        (await EdnaCluster.Good(edna.Webhook(dataset, id).ListDeliveriesAsync(null, 1_000))).Items;
}
