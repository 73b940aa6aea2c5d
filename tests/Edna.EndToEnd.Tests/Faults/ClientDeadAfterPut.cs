using System.Security.Cryptography;
using Edna.Client;
using Edna.Harness;
using Xunit;

namespace Edna.Faults;

/// <summary>Clients that send their bytes, or some or none of them, and are not heard of again; no store tells of them either.</summary>
public sealed class ClientDeadAfterPut
{
    private const string Dataset = "dead";
    private const int PartBytes = 8 << 20;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Timeout = 240_000)]
    public async Task What_arrived_is_made_available_when_its_time_is_over_and_what_did_not_fails()
    {
        await using var bucket = await CephBucket.CreateAsync(Ct);
        using var folder = new TempFolder();
        var settings = new Dictionary<string, string?>(bucket.Settings())
        {
            ["EDNA_FAULT_CLOCK"] = folder.At("clock"), ["Edna__Uploads__UrlLifetime"] = "00:05:00", ["Edna__Uploads__Grace"] = "00:00:00", ["Edna__Uploads__SweepInterval"] = "00:00:01",
        };
        await using var edna = await EdnaProcess.StartAsync(settings, folder.At("data"), program: Programs.FaultHost, ct: Ct);
        using var client = edna.NewClient();
        await client.CreateDatasetAsync(new CreateDataset { Name = Dataset }, Ct);
        var sent = new Dictionary<string, (byte[] Bytes, long Revision)>();
        var expired = new List<string>();
        for (var i = 0; i < 8; i++)
        {
            var single = RandomNumberGenerator.GetBytes(1_000 + i);
            sent[await SendAsync(client, $"single/{i}", single)] = (single, 1);
            expired.Add(await SendAsync(client, $"nothing/{i}", single, parts: 0));
        }
        var large = RandomNumberGenerator.GetBytes(2 * PartBytes + 5);
        sent[await SendAsync(client, "parts/all", large, parts: 3)] = (large, 1);
        expired.Add(await SendAsync(client, "parts/some", large, parts: 2));
        // The same over a content that is there: it is replaced, or stays.
        var (first, second) = (RandomNumberGenerator.GetBytes(2_000), RandomNumberGenerator.GetBytes(3_000));
        foreach (var path in new[] { "again/sent", "again/nothing" }) await client.CompleteUploadAsync(Dataset, await SendAsync(client, path, first), ct: Ct);
        sent[await SendAsync(client, "again/sent", second)] = (second, 2);
        sent[await SendAsync(client, "again/nothing", second, parts: 0)] = (first, 1);

        var before = await client.ListItemsAsync(Dataset, ct: Ct).ToListAsync(Ct);
        Assert.Equal(2, before.Count(i => i.Status == ItemStatuses.Available));
        await File.WriteAllTextAsync(folder.At("clock.new"), "00:05:30", Ct);
        File.Move(folder.At("clock.new"), folder.At("clock"));
        await Eventually.GetAsync(() => client.ListItemsAsync(Dataset, ct: Ct).ToListAsync(Ct).AsTask(), now => now.All(i => i.Status != ItemStatuses.Pending) && now.Count(i => i.Failure is not null) == expired.Count + 1, Ct);

        using var store = new HttpClient();
        foreach (var (id, (bytes, revision)) in sent)
        {
            var item = await client.GetItemAsync(Dataset, id, Ct);
            Assert.True((item.Status, item.ContentRevision) == (ItemStatuses.Available, revision), item.ToString());
            var download = Assert.Single(await client.GetDownloadsAsync(Dataset, [id], Ct));
            Assert.Equal(SHA256.HashData(bytes), SHA256.HashData(await store.GetByteArrayAsync(download.Url, Ct)));
        }
        foreach (var id in expired)
        {
            var item = await client.GetItemAsync(Dataset, id, Ct);
            Assert.True((item.Status, item.Failure?.Code) == (ItemStatuses.Failed, "upload.expired"), item.ToString());
        }
        Assert.Empty(await bucket.ListMultipartsAsync(Ct));
        await Wholeness.ShouldHoldAsync(edna, bucket.Settings(), Ct);
    }

    /// <summary>Announces an item and sends its bytes, or its first parts; its id.</summary>
    private static async Task<string> SendAsync(EdnaClient client, string path, byte[] bytes, int? parts = null)
    {
        var plan = await client.CreateItemAsync(Dataset, new CreateItem
        {
            Path = path, ContentType = "application/octet-stream", Size = bytes.Length, Multipart = bytes.Length > PartBytes,
            Checksum = new Checksum("sha256", Convert.ToBase64String(SHA256.HashData(bytes))),
        }, Ct);
        using var store = new HttpClient();
        var upload = plan.Upload!;
        if (upload.Parts is { } all) upload = upload with { Parts = [.. all.Take(parts!.Value)] };
        if (parts != 0) await store.SendAsync(upload, bytes, Ct);
        return plan.Item.Id;
    }
}
