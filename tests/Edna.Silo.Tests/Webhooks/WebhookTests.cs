using System.Net;
using Edna.Datasets;
using Edna.Silo.Tests.Cluster;
using Edna.Webhooks;
using Xunit;

namespace Edna.Silo.Tests.Webhooks;

public sealed class WebhookTests(EdnaCluster edna) : IClassFixture<EdnaCluster>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task While_secrets_overlap_both_sign_and_afterwards_the_new_one_alone()
    {
        await using var receiver = new Receiver();
        var dataset = await edna.CreateDatasetAsync();
        var first = await edna.CreateWebhookAsync(dataset, new() { Url = receiver.Url });
        var grain = edna.Webhook(dataset, first.Id);
        var second = await EdnaCluster.Good(grain.RotateAsync(new() { OverlapSeconds = 600 }));
        Assert.NotNull(second.OverlapUntil);
        await EdnaCluster.Good(grain.TestAsync());
        var third = await EdnaCluster.Good(grain.RotateAsync(new() { OverlapSeconds = 0 }));
        Assert.Null(third.OverlapUntil);
        await EdnaCluster.Good(grain.TestAsync());
        string[] secrets = [first.Secret!, second.Secret!, third.Secret!];
        Assert.Equal(3, secrets.Distinct().Count());
        Assert.Equal([true, true, false], secrets.Select(receiver.Messages[0].IsSignedBy));
        Assert.Equal([false, false, true], secrets.Select(receiver.Messages[1].IsSignedBy));
        Assert.Null((await EdnaCluster.Good(grain.GetAsync())).Secret);
        foreach (var wrong in (int[])[-1, WebhookLimits.OverlapSeconds + 1])
            Assert.Equal("request.invalid", await EdnaCluster.CodeOf(grain.RotateAsync(new() { OverlapSeconds = wrong })));
        Assert.Null((await grain.RotateAsync(new() { OverlapSeconds = WebhookLimits.OverlapSeconds })).Problem);
    }

    [Fact]
    public async Task Redirects_are_not_followed()
    {
        await using var other = new Receiver();
        await using var receiver = new Receiver();
        receiver.Reply = _ => Task.FromResult(new Reply(307, Location: other.Url));
        var dataset = await edna.CreateDatasetAsync();
        var webhook = await edna.CreateWebhookAsync(dataset, new() { Url = receiver.Url });
        var test = await EdnaCluster.Good(edna.Webhook(dataset, webhook.Id).TestAsync());
        Assert.Equal((DeliveryState.Failed, 307, "webhook.test"), (test.State, test.Answer!.Status, test.Type));
        Assert.Empty(other.Messages);
    }

    /// <summary>The patch has begun, and waits for the name's addresses, when the 410 comes. Only one that enables enables.</summary>
    [Theory]
    [InlineData("", false)]
    [InlineData(""", "enabled": true""", true)]
    public async Task A_patch_does_not_undo_a_410_that_came_while_it_was_under_way_unless_it_is_about_that(string more, bool enabled)
    {
        await using var receiver = new Receiver(_ => Task.FromResult(new Reply(410)));
        var dataset = await edna.CreateDatasetAsync();
        var webhook = await edna.CreateWebhookAsync(dataset, new() { Url = receiver.Url });
        var grain = edna.Webhook(dataset, webhook.Id);
        var (asked, known) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource<IPAddress[]>(TaskCreationOptions.RunContinuationsAsynchronously));
        edna.Lookup = (_, _) =>
        {
            asked.TrySetResult();
            return known.Task;
        };
        try
        {
            var patch = grain.PatchAsync(new($$"""{"url": "http://moved.test:{{receiver.Port}}/", "description": "moved"{{more}}}"""));
            await asked.Task.WaitAsync(Ct);
            // Answered when the 410 is stored.
            Assert.Equal(410, (await EdnaCluster.Good(grain.TestAsync())).Answer!.Status);
            known.SetResult([IPAddress.Loopback]);
            var patched = await EdnaCluster.Good(patch);
            Assert.Equal((enabled, enabled, "moved", $"http://moved.test:{receiver.Port}/"), (patched.Enabled, patched.GoneSince is null, patched.Description, patched.Url));
        }
        finally
        {
            edna.Lookup = null;
        }
    }

    [Fact]
    public async Task A_dataset_has_a_bounded_number_of_webhooks_that_are_listed_page_by_page()
    {
        var dataset = await edna.CreateDatasetAsync();
        var ids = new List<string>();
        for (var i = 0; i < WebhookLimits.OfADataset; i++) ids.Add((await edna.CreateWebhookAsync(dataset, new() { Url = "http://127.0.0.1:1/", Enabled = false })).Id);
        Assert.Equal("webhook.limit_reached", await EdnaCluster.CodeOf(edna.Webhooks(dataset).CreateAsync(new() { Url = "http://127.0.0.1:1/" }, "ann")));
        var (listed, cursor) = (new List<string>(), (string?)null);
        do
        {
            var page = await EdnaCluster.Good(edna.Webhooks(dataset).ListAsync(cursor, 7));
            listed.AddRange(page.Items.Select(w => w.Id));
            Assert.All(page.Items, w => Assert.Null(w.Secret));
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        Assert.Equal(ids.Order(StringComparer.Ordinal), listed);
        await EdnaCluster.Good(edna.Webhooks(dataset).RemoveAsync(ids[0]));
        Assert.Equal("webhook.not_found", await EdnaCluster.CodeOf(edna.Webhooks(dataset).RemoveAsync(ids[0])));
        Assert.Equal("webhook.not_found", await EdnaCluster.CodeOf(edna.Webhook(dataset, ids[0]).GetAsync()));
        Assert.Null((await edna.Webhooks(dataset).CreateAsync(new() { Url = "http://127.0.0.1:1/", Enabled = false }, "ann")).Problem);
    }

    [Theory]
    [InlineData("http://10.0.0.1/", "webhook.target_refused")]
    [InlineData("http://169.254.169.254/latest", "webhook.target_refused")]
    [InlineData("http://[::ffff:10.0.0.1]/", "webhook.target_refused")]
    [InlineData("http://0x0a000001/", "webhook.target_refused")]
    [InlineData("http://nowhere.invalid/", "request.invalid")]
    public async Task Only_what_is_allowed_can_be_sent_to(string url, string code)
    {
        var dataset = await edna.CreateDatasetAsync();
        Assert.Equal(code, await EdnaCluster.CodeOf(edna.Webhooks(dataset).CreateAsync(new() { Url = url }, "ann")));
        var webhook = await edna.CreateWebhookAsync(dataset, new() { Url = "http://127.0.0.1:1/", Enabled = false });
        Assert.Equal(code, await EdnaCluster.CodeOf(edna.Webhook(dataset, webhook.Id).PatchAsync(new($$"""{"url": "{{url}}"}"""))));
        Assert.Equal(webhook.Url, (await EdnaCluster.Good(edna.Webhook(dataset, webhook.Id).GetAsync())).Url);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task With_the_dataset_its_webhooks_go(bool purge)
    {
        await using var receiver = new Receiver();
        var dataset = await edna.CreateDatasetAsync();
        var webhook = await edna.CreateWebhookAsync(dataset, new() { Url = receiver.Url });
        var grain = edna.Grains.GetGrain<IDatasetGrain>(dataset.ToString());
        Assert.True(await IsRemindedAsync());
        if (purge)
        {
            await edna.UploadAsync(dataset, "a");
            await edna.EndOfAsync(await EdnaCluster.Good(grain.PurgeAsync(null, "ann")));
        }
        else
        {
            await EdnaCluster.Good(grain.DeleteAsync(null));
        }
        Assert.Equal("webhook.not_found", await EdnaCluster.CodeOf(edna.Webhook(dataset, webhook.Id).GetAsync()));
        Assert.Empty(await edna.Webhooks(dataset).GetIdsAsync());
        Assert.False(await IsRemindedAsync());

        async Task<bool> IsRemindedAsync()
        {
            var reminders = (IReminderTable)edna.Services.GetService(typeof(IReminderTable))!;
            return (await reminders.ReadRows(0, 0, Ct)).Reminders.Any(r => r.GrainId.ToString().Contains(webhook.Id, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Ids_that_a_crash_left_without_a_webhook_take_nobodys_place()
    {
        var dataset = await edna.CreateDatasetAsync();
        var ids = new List<string>();
        for (var i = 0; i < WebhookLimits.OfADataset; i++) ids.Add((await edna.CreateWebhookAsync(dataset, new() { Url = "http://127.0.0.1:1/", Enabled = false })).Id);
        // As if the process had died when only the id was noted.
        await edna.Webhook(dataset, ids[3]).RemoveAsync();
        Assert.Contains(ids[3], await edna.Webhooks(dataset).GetIdsAsync());
        var made = await edna.CreateWebhookAsync(dataset, new() { Url = "http://127.0.0.1:1/", Enabled = false });
        Assert.Equal(ids.Where(id => id != ids[3]).Append(made.Id).Order(StringComparer.Ordinal), await edna.Webhooks(dataset).GetIdsAsync());
        Assert.Equal("webhook.limit_reached", await EdnaCluster.CodeOf(edna.Webhooks(dataset).CreateAsync(new() { Url = "http://127.0.0.1:1/" }, "ann")));
    }

    [Fact]
    public async Task A_webhook_loaded_anew_goes_on_where_it_was()
    {
        await using var receiver = new Receiver();
        var dataset = await edna.CreateDatasetAsync();
        var webhook = await edna.CreateWebhookAsync(dataset, new() { Url = receiver.Url });
        await edna.UploadAsync(dataset, "a");
        await Eventually.IsAsync(() => edna.DeliveriesAsync(dataset, webhook.Id), d => d.Count(x => x.State == DeliveryState.Delivered) == 2);
        await edna.Grains.GetGrain<IManagementGrain>(0).ForceActivationCollection(TimeSpan.Zero, Ct);
        await edna.UploadAsync(dataset, "b");
        await Eventually.IsAsync(() => edna.DeliveriesAsync(dataset, webhook.Id), d => d.Count(x => x.State == DeliveryState.Delivered) == 4);
        Assert.Equal(["a", "a", "b", "b"], receiver.Messages.Select(m => m.Item));
    }
}
