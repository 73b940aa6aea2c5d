using Edna.Datasets;
using Edna.Items;
using Edna.Keys;
using Edna.Objects;
using Edna.Results;
using Edna.Silo.Tests.Cluster;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Edna.Silo.Tests.Datasets;

/// <summary>Multipart uploads that EDNA opened and whose row was never written: a crash came in between, and nobody but the store knows of them.</summary>
public sealed class BucketSweepTests(EdnaCluster edna) : IClassFixture<EdnaCluster>
{
    private static readonly string Id = ItemId.FromPath("a");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_crash_left_open_in_a_dataset_without_any_row_is_aborted()
    {
        var dataset = await edna.CreateDatasetAsync();
        var (orphan, young) = (await OpenAsync(KeysOf(dataset).Content(Id, 1)), await OpenAsync(KeysOf(dataset).Content(Id, 1), minutesOld: 0));
        await LookAsync(edna.Store.Bucket);
        await GoneAsync(orphan);
        Assert.True(await IsThereAsync(young));
    }

    [Fact]
    public async Task One_that_the_store_refuses_to_abort_keeps_no_other_waiting()
    {
        var at = KeysOf(await edna.CreateDatasetAsync()).Content(Id, 1);
        var orphans = new[] { await OpenAsync(at), await OpenAsync(at), await OpenAsync(at) };
        edna.StoreFaults[orphans[0].Id] = new UnavailableException("The object store") { Refusal = "AccessDenied" };
        await LookAsync(edna.Store.Bucket);
        await GoneAsync(orphans[1]);
        await GoneAsync(orphans[2]);
        Assert.True(await IsThereAsync(orphans[0]));
        edna.StoreFaults.Clear();
        await LookAsync(edna.Store.Bucket);
        await GoneAsync(orphans[0]);
    }

    [Fact]
    public async Task What_its_item_names_stays_and_what_it_does_not_name_goes()
    {
        var dataset = await edna.CreateDatasetAsync();
        var named = await OpenAsync(KeysOf(dataset).Content(Id, 1), minutesOld: 0);
        var state = UploadDecisions.Plan(null, EdnaCluster.Announce("a", 9 << 20) with { Multipart = true }, "a",
            new(TimeSpan.FromHours(3), TimeSpan.Zero), DateTimeOffset.UtcNow, "ann").Next!;
        await edna.WriteAsync(dataset, state with { Upload = state.Upload! with { UploadId = named.Id } });
        edna.AgedMultiparts[named.Id] = TimeSpan.FromMinutes(76);
        await LookedThroughAsync(KeysOf(dataset).Content(Id, 1));
        Assert.True(await IsThereAsync(named));
    }

    [Fact]
    public async Task What_is_not_an_items_content_or_of_no_dataset_is_left_alone()
    {
        var dataset = await edna.CreateDatasetAsync();
        var root = $"{edna.Store.Prefix}default/{dataset.Dataset}/";
        var foreign = new List<(ObjectLocation At, string Id)>();
        foreach (var key in (string[])[$"{root}items/oops.bin", $"{root}items/{Id}/item.json", $"{root}items/{Id}/01", $"{root}film.mp4", $"{root}labels/{Id}/1.json", $"{edna.Store.Prefix}default/never-was/items/{Id}/1", "zz.bin"])
            foreign.Add(await OpenAsync(new(null, key)));
        await LookedThroughAsync(KeysOf(dataset).Content(Id, 1));
        foreach (var one in foreign) Assert.True(await IsThereAsync(one), one.At.Key);
    }

    [Fact]
    public async Task In_a_bucket_of_others_only_what_lies_in_a_binding_under_keys_of_ednas_own_is_touched()
    {
        var storage = new DatasetStorage { Bucket = EdnaCluster.OtherBucket, Prefix = $"{Guid.NewGuid():n}/" };
        Assert.False(await IsArmedAsync(storage.Bucket));
        var dataset = await edna.CreateDatasetAsync(new() { Storage = storage });
        Assert.True(await IsArmedAsync(storage.Bucket));
        var foreign = new List<(ObjectLocation At, string Id)>();
        foreach (var key in (string[])[$"{storage.Prefix}items/theirs", $"{storage.Prefix}film.mp4", $"elsewhere/items/{Id}/1", $"default/{dataset.Dataset}/items/{Id}/1", $"items/{Id}/1"])
            foreign.Add(await OpenAsync(new(storage.Bucket, key)));
        await LookedThroughAsync(new ObjectKeys(edna.Store.Prefix, dataset, storage).Content(Id, 1));
        foreach (var one in foreign) Assert.True(await IsThereAsync(one), one.At.Key);
    }

    [Fact]
    public async Task A_store_that_is_away_is_asked_the_next_time()
    {
        var orphan = await OpenAsync(KeysOf(await edna.CreateDatasetAsync()).Content(Id, 1));
        using (edna.StoreOutage.Begin())
        {
            await LookAsync(edna.Store.Bucket);
            await Eventually.IsTrueAsync(() => Task.FromResult(edna.StoreOutage.Refused > 0));
        }
        Assert.True(await IsThereAsync(orphan));
        await LookAsync(edna.Store.Bucket);
        await GoneAsync(orphan);
    }

    [Fact]
    public async Task The_services_own_bucket_is_looked_at_from_the_start_on() =>
        await Eventually.IsTrueAsync(() => IsArmedAsync(edna.Store.Bucket));

    private ObjectKeys KeysOf(DatasetKey dataset) => new(edna.Store.Prefix, dataset, null);

    private async Task<(ObjectLocation At, string Id)> OpenAsync(ObjectLocation at, double minutesOld = 76)
    {
        var id = await edna.Store.CreateMultipartAsync(at, new() { Size = 1, ContentType = "text/plain" }, Ct);
        edna.AgedMultiparts[id] = TimeSpan.FromMinutes(minutesOld);
        return (at, id);
    }

    private Task LookAsync(string bucket) => Grain(bucket).AsReference<IRemindable>().ReceiveReminder("orphans", default);

    /// <summary>Has a bucket looked at to the end: a second look begins when the first is over. Each finds an orphan.</summary>
    private async Task LookedThroughAsync(ObjectLocation at)
    {
        for (var look = 0; look < 2; look++)
        {
            var orphan = await OpenAsync(at);
            await LookAsync(at.Bucket ?? edna.Store.Bucket);
            await GoneAsync(orphan);
        }
    }

    private async Task GoneAsync((ObjectLocation At, string Id) upload) => await Eventually.IsTrueAsync(async () => !await IsThereAsync(upload));

    private async Task<bool> IsThereAsync((ObjectLocation At, string Id) upload) => await edna.Store.ListPartsAsync(upload.At, upload.Id, Ct) is not null;

    private async Task<bool> IsArmedAsync(string bucket) =>
        (await edna.Services.GetRequiredService<IReminderTable>().ReadRows(Grain(bucket).GetGrainId())).Reminders.Count > 0;

    private IBucketSweepGrain Grain(string bucket) => edna.Grains.GetGrain<IBucketSweepGrain>(bucket);
}
