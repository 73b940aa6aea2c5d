using Edna.Changes;
using Edna.Items;
using Edna.Keys;
using Edna.Silo.Tests.Cluster;
using Edna.Silo.Tests.Webhooks;
using Edna.Webhooks;
using Xunit;

namespace Edna.Silo.Tests.Changes;

public sealed class RetentionTests(EdnaCluster edna) : IClassFixture<EdnaCluster>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Changes_go_when_they_are_older_than_thirty_days_in_every_dataset_and_no_sooner()
    {
        var (one, two) = (await edna.CreateDatasetAsync(), await edna.CreateDatasetAsync());
        foreach (var dataset in new[] { one, two })
        {
            // More than one short write forgets.
            await PutAsync(dataset, "old", 1_500, 31);
            await PutAsync(dataset, "young", 3, 29.9);
        }
        await LookAsync();
        foreach (var dataset in new[] { one, two })
        {
            var kept = await Eventually.IsAsync(() => edna.Table.ReadChangesAsync(dataset, null, 1_000, Ct).AsTask(), page => page!.Changes.Count <= 3);
            Assert.Equal(["young0", "young1", "young2"], kept!.Changes.Select(c => c.Path));
        }
        Assert.DoesNotContain(one, await edna.Table.ListToTrimAsync(DateTimeOffset.UtcNow.AddDays(-30), Ct));
    }

    [Fact]
    public async Task It_is_looked_for_again_and_again_by_one_for_all()
    {
        await edna.Grains.GetGrain<IChangeRetentionGrain>(0).ArmAsync();
        await edna.Grains.GetGrain<IChangeRetentionGrain>(0).ArmAsync();
        var reminders = (IReminderTable)edna.Services.GetService(typeof(IReminderTable))!;
        Assert.Equal(TimeSpan.FromHours(1), Assert.Single((await reminders.ReadRows(0, 0, Ct)).Reminders, r => r.ReminderName == "trim").Period);
    }

    [Fact]
    public async Task A_webhook_that_comes_back_after_its_changes_are_gone_is_told_so_and_goes_on_with_what_is_kept()
    {
        await using var receiver = new Receiver();
        var dataset = await edna.CreateDatasetAsync();
        var webhook = await edna.CreateWebhookAsync(dataset, new() { Url = receiver.Url, Kinds = [ChangeKind.Available] });
        await edna.UploadAsync(dataset, "told");
        var place = (await Eventually.IsAsync(() => EdnaCluster.Good(Webhook().GetAsync()), w => w.Cursor != webhook.Cursor && w.Waiting == 0)).Cursor;
        Assert.Null((await EdnaCluster.Good(Webhook().PatchAsync(new("""{"enabled": false}""")))).Expired);
        await edna.UploadAsync(dataset, "missed");
        var start = await edna.Table.EndOfChangesAsync(dataset, Ct);
        Assert.InRange(await edna.Table.TrimChangesAsync(dataset, DateTimeOffset.UtcNow.AddDays(1), 100, Ct), 4, 4);
        await edna.UploadAsync(dataset, "kept");
        // An address that is not back yet is told as well, once it is.
        receiver.Reply = m => Task.FromResult(new Reply(receiver.Messages.Count(x => x.Type == m.Type) < 3 ? 503 : 204));
        await EdnaCluster.Good(Webhook().PatchAsync(new("""{"enabled": true}""")));
        await Eventually.IsTrueAsync(() => receiver.Messages.Any(m => m.Type == "item.available" && m.Item == "kept"));

        var gone = receiver.Messages.Where(m => m.Type == "dataset.changes_expired").ToArray();
        Assert.Equal(3, gone.Length);
        Assert.Single(gone.Select(m => m.Id).Distinct());
        Assert.Single(gone.Select(m => Convert.ToHexString(m.Body)).Distinct());
        Assert.True(gone[0].IsSignedBy(webhook.Secret!));
        Assert.Equal((dataset.Dataset, start), (gone[0].Data.GetProperty("dataset").GetString(), gone[0].Data.GetProperty("to").GetString()));
        Assert.True(string.CompareOrdinal(place, gone[0].Data.GetProperty("from").GetString()) <= 0);
        Assert.Equal(["told", "kept"], receiver.Messages.Where(m => m.Type == "item.available").Select(m => m.Item).Distinct());
        Assert.Equal(receiver.Messages.Count - 1, receiver.Messages.ToList().FindLastIndex(m => m.Type == "item.available"));
        var now = await EdnaCluster.Good(Webhook().GetAsync());
        Assert.Equal((gone[0].Data.GetProperty("from").GetString(), start), (now.Expired!.From, now.Expired.To));
        var delivery = Assert.Single(await edna.DeliveriesAsync(dataset, webhook.Id), d => d.Type == "dataset.changes_expired");
        Assert.Equal((gone[0].Id, null, now.Expired), (delivery.Id, delivery.Change, delivery.Expired));

        IWebhookGrain Webhook() => edna.Webhook(dataset, webhook.Id);
    }

    private Task LookAsync() => edna.Grains.GetGrain<IChangeRetentionGrain>(0).AsReference<IRemindable>().ReceiveReminder("trim", default);

    /// <summary>New items, as if they had been announced days ago.</summary>
    private async Task PutAsync(DatasetKey dataset, string name, int count, double days)
    {
        var at = DateTimeOffset.UtcNow.AddDays(-days);
        var rows = Enumerable.Range(0, count).Select(i => (RowOf(dataset, $"{name}{i}"), new NewChange(ChangeKind.Created, at, "ann"))).ToArray();
        Assert.All(await edna.Table.InsertManyAsync(rows, Ct), Assert.True);
    }

    private static ItemRow RowOf(DatasetKey dataset, string path) => ItemView.RowOf(EdnaCluster.KeyOf(dataset, path),
        UploadDecisions.Plan(null, EdnaCluster.Announce(path), path, new(TimeSpan.FromHours(1), TimeSpan.Zero), DateTimeOffset.UtcNow, "ann").Next!);
}
