using System.Security.Cryptography;
using Edna.Changes;
using Edna.Items;
using Edna.Keys;
using Edna.Objects;
using Edna.Silo.Tests.Cluster;
using Edna.Storage.Files;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Edna.Silo.Tests.Changes;

public sealed class MultipartSweepTests(EdnaCluster edna) : IClassFixture<EdnaCluster>
{
    private const int Size = 9 << 20;
    private static readonly byte[] Content = RandomNumberGenerator.GetBytes(Size);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Parts_that_all_arrived_become_the_object_and_the_item_available_without_anybody_calling_complete()
    {
        var dataset = await edna.CreateDatasetAsync();
        var (key, at, upload) = await OpenAsync(dataset, "a", hoursAgo: 2);
        for (var part = 1; part <= upload.PartCount; part++) await ArriveAsync(at, upload, part);
        await Feed(key).NoticeAsync();
        await Eventually.IsTrueAsync(async () => await edna.StateOf(key) is { Status: ItemStatus.Available, ContentRevision: 1, Size: Size, Upload: null });
        Assert.Equal(Content, await edna.Store.ReadAsync(at, Ct));
        Assert.Null(await edna.Store.ListPartsAsync(at, upload.UploadId!, Ct));
    }

    [Fact]
    public async Task Parts_of_which_one_is_missing_are_given_up_and_the_item_is_failed_as_expired()
    {
        var dataset = await edna.CreateDatasetAsync();
        var (key, at, upload) = await OpenAsync(dataset, "a", hoursAgo: 2);
        await ArriveAsync(at, upload, 2);
        await Feed(key).NoticeAsync();
        await Eventually.IsTrueAsync(async () => await edna.StateOf(key) is { Status: ItemStatus.Failed, Failure.Code: UploadErrors.Expired, Upload: null });
        Assert.Null(await edna.Store.ListPartsAsync(at, upload.UploadId!, Ct));
        Assert.Null(await edna.Store.HeadAsync(at, Ct));
    }

    [Fact]
    public async Task An_object_that_was_made_while_the_answer_was_lost_is_confirmed()
    {
        var dataset = await edna.CreateDatasetAsync();
        var (key, at, upload) = await OpenAsync(dataset, "a", hoursAgo: 2);
        for (var part = 1; part <= upload.PartCount; part++) await ArriveAsync(at, upload, part);
        var parts = (await edna.Store.ListPartsAsync(at, upload.UploadId!, Ct))!.Select(p => new ObjectPart(p.PartNumber, p.ETag)).ToList();
        await edna.Store.CompleteMultipartAsync(at, upload.UploadId!, ItemUploads.PutOf("a", upload), parts, Ct);
        Assert.True(await edna.Item(dataset, "a").SweepAsync());
        Assert.Equal(ItemStatus.Available, (await edna.StateOf(key))!.Status);
    }

    [Fact]
    public async Task An_upload_that_is_open_when_its_item_is_purged_goes_with_it()
    {
        var dataset = await edna.CreateDatasetAsync();
        var purged = await OpenAsync(dataset, "a", hoursAgo: 1);
        await EdnaCluster.Good(edna.Item(dataset, "a").PurgeAsync(null, "ann"));
        Assert.Null(await edna.Store.ListPartsAsync(purged.At, purged.Upload.UploadId!, Ct));
    }

    [Fact]
    public async Task An_upload_that_a_purged_item_left_open_goes_with_its_row()
    {
        var dataset = await edna.CreateDatasetAsync();
        var (key, at, upload) = await OpenAsync(dataset, "a", hoursAgo: 2, purged: true);
        Assert.True(await edna.Item(dataset, "a").SweepAsync());
        Assert.Null(await edna.Store.ListPartsAsync(at, upload.UploadId!, Ct));
        await Feed(key).NoticeAsync();
        await Eventually.IsTrueAsync(async () => await edna.StateOf(key) is null);
    }

    /// <summary>An item whose multipart upload was opened some hours ago: in the store, and then in its row.</summary>
    private async Task<(ItemKey Key, ObjectLocation At, OpenUpload Upload)> OpenAsync(DatasetKey dataset, string path, double hoursAgo, bool purged = false)
    {
        var at = DateTimeOffset.UtcNow.AddHours(-hoursAgo);
        var state = UploadDecisions.Plan(null, EdnaCluster.Announce(path, Size) with { Multipart = true }, path,
            new(TimeSpan.FromHours(1), TimeSpan.FromMinutes(15)), at, "ann").Next!;
        var location = new ObjectKeys(edna.Store.Prefix, dataset, null).Content(ItemId.FromPath(path), 1);
        var upload = state.Upload! with { UploadId = await edna.Store.CreateMultipartAsync(location, ItemUploads.PutOf(path, state.Upload!), Ct) };
        state = state with { Upload = upload };
        var key = await edna.WriteAsync(dataset, purged ? [state, EditDecisions.Purge(state, at).Next!] : [state]);
        return (key, location, upload);
    }

    private async Task ArriveAsync(ObjectLocation at, OpenUpload upload, int part)
    {
        var size = UploadParts.SizeOf(part, upload.Size, upload.PartSize);
        using var body = new MemoryStream(Content, checked((int)((part - 1) * upload.PartSize)), checked((int)size));
        var received = await edna.Services.GetRequiredService<FileObjectStore>().ReceivePartAsync(at, upload.UploadId!, part, size, [], body, Ct);
        Assert.Equal(ReceiveOutcome.Stored, received.Outcome);
    }

    private IChangeFeedGrain Feed(ItemKey key) => edna.Grains.GetGrain<IChangeFeedGrain>(key.Shard.ToString());
}
