using System.Collections.Concurrent;
using Edna.Changes;
using Edna.Silo.Tests.Cluster;
using Edna.Webhooks;
using Xunit;

namespace Edna.Silo.Tests.Webhooks;

public sealed class DeliveryTests(EdnaCluster edna) : IClassFixture<EdnaCluster>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_change_arrives_signed_and_in_the_order_of_its_item()
    {
        await using var receiver = new Receiver();
        var dataset = await edna.CreateDatasetAsync();
        await edna.UploadAsync(dataset, "before");
        var webhook = await edna.CreateWebhookAsync(dataset, new() { Url = receiver.Url });
        for (var i = 0; i < 20; i++)
        {
            await edna.UploadAsync(dataset, $"{i}");
            await EdnaCluster.Good(edna.Item(dataset, $"{i}").TrashAsync(null, "ann"));
        }
        await Eventually.IsTrueAsync(() => receiver.Messages.Count >= 60);
        Assert.Equal(60, receiver.Messages.Count);
        Assert.All(receiver.Messages, m => Assert.True(m.IsSignedBy(webhook.Secret!)));
        Assert.All(receiver.Messages.GroupBy(m => m.Item), item => Assert.Equal(["item.created", "item.available", "item.trashed"], item.Select(m => m.Type)));
        Assert.Equal(60, receiver.Messages.Select(m => m.Id).Distinct().Count());
        Assert.DoesNotContain(receiver.Messages, m => m.Item == "before");
        var first = receiver.Messages[0];
        Assert.Equal(("application/json", "EDNA-Webhooks/1", dataset.Dataset), (first.Headers["Content-Type"], first.Headers["User-Agent"], first.Data.GetProperty("dataset").GetString()));
        var all = await Eventually.IsAsync(() => edna.DeliveriesAsync(dataset, webhook.Id), d => d.All(x => x.State == DeliveryState.Delivered));
        Assert.Equal(receiver.Messages.Select(m => m.Id).Order(StringComparer.Ordinal), all.Select(d => d.Id).Order(StringComparer.Ordinal));
        Assert.All(all, d => Assert.Equal((1, 204, null, null), (d.Attempts, d.Answer!.Status, d.Answer.Error, d.NextAttemptAt)));
    }

    [Fact]
    public async Task Only_the_kinds_asked_for_are_sent()
    {
        await using var receiver = new Receiver();
        var dataset = await edna.CreateDatasetAsync();
        await edna.CreateWebhookAsync(dataset, new() { Url = receiver.Url, Kinds = [ChangeKind.Trashed] });
        for (var i = 0; i < 5; i++)
        {
            await edna.UploadAsync(dataset, $"{i}");
            await EdnaCluster.Good(edna.Item(dataset, $"{i}").TrashAsync(null, "ann"));
        }
        await Eventually.IsTrueAsync(() => receiver.Messages.Count >= 5);
        Assert.Equal(Enumerable.Repeat("item.trashed", 5), receiver.Messages.Select(m => m.Type));
    }

    [Fact]
    public async Task What_fails_is_tried_again_with_its_id_and_holds_back_its_own_item_only()
    {
        var failures = new ConcurrentDictionary<string, int>();
        await using var receiver = new Receiver(m => Task.FromResult(new Reply(m.Item == "bad" && failures.AddOrUpdate(m.Id, 1, (_, n) => n + 1) <= 3 ? 503 : 200, "thanks")));
        var dataset = await edna.CreateDatasetAsync();
        var webhook = await edna.CreateWebhookAsync(dataset, new() { Url = receiver.Url });
        await edna.UploadAsync(dataset, "bad");
        await edna.UploadAsync(dataset, "good");
        await Eventually.IsTrueAsync(() => receiver.Messages.Count >= 10);
        Assert.Equal([1L, 1, 1, 1, 2, 2, 2, 2], receiver.Messages.Where(m => m.Item == "bad").Select(m => m.Revision));
        Assert.Equal(2, receiver.Messages.Where(m => m.Item == "bad").Select(m => m.Id).Distinct().Count());
        var all = await Eventually.IsAsync(() => edna.DeliveriesAsync(dataset, webhook.Id), d => d.Count == 4 && d.All(x => x.State == DeliveryState.Delivered));
        Assert.All(all, d => Assert.Equal((d.Change!.Path == "bad" ? 4 : 1, 200, "thanks"), (d.Attempts, d.Answer!.Status, d.Answer.Body)));
        Assert.All(receiver.Messages, m => Assert.True(m.IsSignedBy(webhook.Secret!)));
    }

    [Fact]
    public async Task What_fails_for_too_long_is_given_up_listed_and_can_be_sent_again_with_its_id()
    {
        await using var receiver = new Receiver(m => Task.FromResult(m.Revision == 1 ? new Reply(400, new('ä', 1_000)) : new Reply(200)));
        var dataset = await edna.CreateDatasetAsync();
        var webhook = await edna.CreateWebhookAsync(dataset, new() { Url = receiver.Url });
        await edna.UploadAsync(dataset, "a");
        var all = await Eventually.IsAsync(() => edna.DeliveriesAsync(dataset, webhook.Id), d => d.Count == 2 && d.All(x => x.State != DeliveryState.Waiting));
        Assert.Equal([DeliveryState.Delivered, DeliveryState.Failed], all.Select(d => d.State));
        var failed = all[1];
        Assert.InRange(failed.Attempts, 2, 100);
        Assert.Equal((400, new string('ä', WebhookLimits.BodyBytes / 2)), (failed.Answer!.Status, failed.Answer.Body));
        Assert.Equal(failed.Attempts, receiver.Messages.Count(m => m.Id == failed.Id));

        Assert.Equal((DeliveryState.Failed, failed.Attempts + 1), Of(await EdnaCluster.Good(edna.Webhook(dataset, webhook.Id).RedeliverAsync(failed.Id))));
        receiver.Reply = _ => Task.FromResult(new Reply(202));
        Assert.Equal((DeliveryState.Delivered, failed.Attempts + 2), Of(await EdnaCluster.Good(edna.Webhook(dataset, webhook.Id).RedeliverAsync(failed.Id))));
        var same = receiver.Messages.Where(m => m.Id == failed.Id).ToArray();
        Assert.Equal(failed.Attempts + 2, same.Length);
        Assert.Single(same.Select(m => Convert.ToBase64String(m.Body)).Distinct());
        Assert.Equal("webhook.delivery_not_found", await EdnaCluster.CodeOf(edna.Webhook(dataset, webhook.Id).RedeliverAsync("msg_nothing")));

        static (DeliveryState, int) Of(WebhookDelivery delivery) => (delivery.State, delivery.Attempts);
    }

    [Fact]
    public async Task An_address_that_is_gone_gets_nothing_more_until_it_is_enabled_again_and_then_all_of_it()
    {
        await using var receiver = new Receiver(_ => Task.FromResult(new Reply(410)));
        var dataset = await edna.CreateDatasetAsync();
        var webhook = await edna.CreateWebhookAsync(dataset, new() { Url = receiver.Url });
        var grain = edna.Webhook(dataset, webhook.Id);
        await edna.UploadAsync(dataset, "a");
        var gone = await Eventually.IsAsync(() => EdnaCluster.Good(grain.GetAsync()), w => !w.Enabled);
        Assert.NotNull(gone.GoneSince);
        await edna.UploadAsync(dataset, "b");
        Assert.Equal(DeliveryState.Failed, (await EdnaCluster.Good(grain.TestAsync())).State);
        Assert.DoesNotContain(receiver.Messages, m => m.Type != "webhook.test" && m.Item == "b");

        receiver.Reply = _ => Task.FromResult(new Reply(200));
        var enabled = await EdnaCluster.Good(grain.PatchAsync(new("""{"enabled": true}""")));
        Assert.Equal((true, null), (enabled.Enabled, enabled.GoneSince));
        await Eventually.IsAsync(() => edna.DeliveriesAsync(dataset, webhook.Id), d => d.Count(x => x.State == DeliveryState.Delivered) == 4);
        Assert.Equal([1L, 2], receiver.Messages.Where(m => m.Type != "webhook.test" && m.Item == "b").Select(m => m.Revision));
    }

    [Fact]
    public async Task A_webhook_that_is_slow_or_dead_keeps_nobody_else_waiting()
    {
        var release = new TaskCompletionSource<Reply>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var slow = new Receiver(_ => release.Task);
        await using var quick = new Receiver();
        var dataset = await edna.CreateDatasetAsync();
        var held = await edna.CreateWebhookAsync(dataset, new() { Url = slow.Url });
        await edna.CreateWebhookAsync(dataset, new() { Url = $"http://127.0.0.1:{Receiver.FreePort()}/" });
        await edna.CreateWebhookAsync(dataset, new() { Url = quick.Url });
        for (var i = 0; i < 30; i++) await edna.UploadAsync(dataset, $"{i}");
        await Eventually.IsTrueAsync(() => quick.Messages.Count == 60);
        Assert.InRange(slow.Messages.Count, 1, WebhookLimits.Together);
        // It answers while all its hands are held.
        Assert.Equal(held.Id, (await EdnaCluster.Good(edna.Webhook(dataset, held.Id).GetAsync())).Id);
        Assert.Equal("webhook.delivery_under_way", await EdnaCluster.CodeOf(edna.Webhook(dataset, held.Id).RedeliverAsync(slow.Messages[0].Id)));
        release.SetResult(new(200));
        await Eventually.IsTrueAsync(() => slow.Messages.Select(m => m.Id).Distinct().Count() == 60);
    }

    [Fact]
    public async Task What_is_due_again_does_not_wait_for_an_attempt_that_hangs()
    {
        var (release, failed) = (new TaskCompletionSource<Reply>(TaskCreationOptions.RunContinuationsAsynchronously), 0);
        await using var receiver = new Receiver();
        receiver.Reply = m => m.Item == "hangs" ? release.Task : Task.FromResult(new Reply(m.Revision == 1 && Interlocked.Increment(ref failed) <= 5 ? 500 : 200));
        var dataset = await edna.CreateDatasetAsync();
        await edna.CreateWebhookAsync(dataset, new() { Url = receiver.Url });
        await edna.UploadAsync(dataset, "hangs");
        await Eventually.IsTrueAsync(() => receiver.Messages.Count == 1);
        await edna.UploadAsync(dataset, "fails");
        await Eventually.IsTrueAsync(() => receiver.Messages.Any(m => m.Item == "fails" && m.Revision == 2));
        // It has not been waited for until it timed out, or it would have come again.
        Assert.Single(receiver.Messages, m => m.Item == "hangs");
        release.SetResult(new(200));
    }

    [Fact]
    public async Task A_backlog_beyond_what_may_wait_stays_in_the_feed_and_arrives_when_the_address_is_back()
    {
        var port = Receiver.FreePort();
        var dataset = await edna.CreateDatasetAsync();
        var webhook = await edna.CreateWebhookAsync(dataset, new() { Url = $"http://127.0.0.1:{port}/hook", Enabled = false });
        for (var i = 0; i < 120; i++) await edna.UploadAsync(dataset, $"{i}");
        Assert.Equal(0, (await EdnaCluster.Good(edna.Webhook(dataset, webhook.Id).GetAsync())).Waiting);
        await EdnaCluster.Good(edna.Webhook(dataset, webhook.Id).PatchAsync(new("""{"enabled": true}""")));
        await Eventually.IsAsync(() => EdnaCluster.Good(edna.Webhook(dataset, webhook.Id).GetAsync()), w => w.Waiting == WebhookLimits.Waiting);
        await using var receiver = new Receiver(port: port);
        var all = await Eventually.IsAsync(
            async () => (await EdnaCluster.Good(edna.Webhook(dataset, webhook.Id).GetAsync()), (await edna.Table.ReadChangesAsync(dataset, null, 1_000, Ct))!),
            now => now.Item1.Waiting == 0 && now.Item1.Cursor == now.Item2.NextCursor);
        // What was given up while the address was away is not here: it is listed as failed.
        var failed = (await edna.DeliveriesAsync(dataset, webhook.Id)).Where(d => d.State == DeliveryState.Failed).Select(d => d.Change!.Cursor);
        Assert.Equal(all.Item2.Changes.Select(c => c.Cursor), receiver.Messages.Select(m => m.Data.GetProperty("cursor").GetString()!).Concat(failed).Distinct().Order(StringComparer.Ordinal));
    }
}
