using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Edna.Client;
using Edna.Harness;
using Xunit;

namespace Edna.Faults;

/// <summary>What happens to one item without its client: by an event of the store, and by the clock.</summary>
/// <param name="client">Who prepares it and looks at it.</param>
/// <param name="host">Where it happens.</param>
/// <param name="ct">Cancels.</param>
internal sealed class Unattended(EdnaClient client, UnattendedHost host, CancellationToken ct)
{
    private const int LargeBytes = 9 << 20;
    private static readonly byte[] Large = RandomNumberGenerator.GetBytes(LargeBytes);
    private static readonly HttpClient Store = new();

    public static IReadOnlyList<History<Unattended>> All { get; } =
    [
        new("an event of its bytes", (h, p) => h.SendAsync(p, First(p)), (h, p) => h.EventAsync(p, "ObjectCreated:Put"), (h, p) => h.ShouldHoldAsync(p, First(p))),
        new("an event of its removal", (h, p) => h.LoseAsync(p), (h, p) => h.EventAsync(p, "ObjectRemoved:Delete"), (h, p) => h.ShouldBeMissedAsync(p)),
        new("an overdue upload", (h, p) => h.SendAsync(p, First(p)), (h, p) => h.OverdueAsync(p), (h, p) => h.ShouldHoldAsync(p, First(p))),
        new("overdue parts", (h, p) => h.SendAsync(p, Large), (h, p) => h.OverdueAsync(p), (h, p) => h.ShouldHoldAsync(p, Large)),
        new("a late PUT", (h, p) => h.AnnounceAgainAsync(p), (h, p) => h.GiveUpAndPutAsync(p), (h, p) => h.ShouldHoldAsync(p, First(p))),
        new("the end of the trash", (h, p) => h.TrashAsync(p), (h, p) => h.EmptyTrashAsync(p), async (h, p) => Assert.Null(await Eventually.GetAsync(() => h.FindAsync(p), item => item is null, h.Ct))),
    ];

    private CancellationToken Ct => ct;

    private static byte[] First(string path) => Encoding.UTF8.GetBytes($"first content of {path}");

    private static byte[] Second(string path) => Encoding.UTF8.GetBytes($"second content of {path}, longer");

    private async Task<Upload> AnnounceAsync(string path, byte[] bytes)
    {
        var plan = await client.CreateItemAsync(UnattendedHost.Dataset, new CreateItem
        {
            Path = path, ContentType = "application/octet-stream", Size = bytes.Length, Multipart = bytes.Length >= LargeBytes,
            Checksum = bytes.Length >= LargeBytes ? null : new Checksum("sha256", Convert.ToBase64String(SHA256.HashData(bytes))),
        }, ct);
        host.Announced(plan.Item.Id);
        return plan.Upload!;
    }

    private async Task SendAsync(string path, byte[] bytes)
    {
        await host.RewindAsync(ct);
        await Store.SendAsync(await AnnounceAsync(path, bytes), bytes, ct);
    }

    private async Task UploadAsync(string path, byte[] bytes)
    {
        await SendAsync(path, bytes);
        await client.CompleteUploadAsync(UnattendedHost.Dataset, host.Item, ct: ct);
    }

    private async Task LoseAsync(string path)
    {
        await UploadAsync(path, First(path));
        await host.Bucket.DeleteAsync(host.KeyOf(1), ct);
    }

    /// <summary>The store tells, and is told that it was understood: else it tells again.</summary>
    private async Task EventAsync(string path, string name)
    {
        var what = new { key = Uri.EscapeDataString(host.KeyOf(1)), size = First(path).Length, eTag = Convert.ToHexStringLower(MD5.HashData(First(path))) };
        var told = new { Records = new[] { new { eventSource = "aws:s3", eventName = name, eventTime = "2026-11-22T12:00:00Z", s3 = new { bucket = new { name = host.Bucket.Name }, @object = what } } } };
        using var answer = await Store.PostAsync($"{host.Edna.Address}v1/callbacks/s3?key={host.CallbackKey}", new StringContent(JsonSerializer.Serialize(told)), ct);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
    }

    private async Task OverdueAsync(string path)
    {
        host.PassDeadline();
        await host.UntilAsync(client, "IItemTable.WriteAsync", async () => (await ItemAsync(path)).Status == ItemStatuses.Available, ct);
    }

    private async Task AnnounceAgainAsync(string path)
    {
        await UploadAsync(path, First(path));
        host.GivenUp = await AnnounceAsync(path, Second(path));
    }

    /// <summary>The client gives up, sends all the same, and is gone; when its URL works no more, that was for nothing.</summary>
    private async Task GiveUpAndPutAsync(string path)
    {
        if (!host.IsOverdue)
        {
            try
            {
                await client.AbortUploadAsync(UnattendedHost.Dataset, host.Item, ct);
            }
            catch (EdnaException e) when (e.Code == "upload.none_open")
            {
                // Given up before the crash.
            }
            await Store.SendAsync(host.GivenUp!, Second(path), ct);
            host.PassDeadline();
        }
        await host.UntilAsync(client, "IItemTable.EndWatchAsync", async () => !(await host.Bucket.ListAsync(ct)).Contains(host.KeyOf(2)), ct);
    }

    private async Task TrashAsync(string path)
    {
        await host.KeepTrashAsync(30, ct);
        await UploadAsync(path, First(path));
        await client.DeleteItemAsync(UnattendedHost.Dataset, host.Item, ct: ct);
    }

    private async Task EmptyTrashAsync(string path)
    {
        await host.KeepTrashAsync(0, ct);
        await host.UntilAsync(client, "IItemTable.WriteAsync", async () => await FindAsync(path) is null, ct);
    }

    /// <summary>The item says that its bytes are gone; and then it gets new ones.</summary>
    private async Task ShouldBeMissedAsync(string path)
    {
        Assert.Equal((ItemStatuses.Failed, "object.missing"), await ItemAsync(path) is var item ? (item.Status, item.Failure?.Code) : default);
        await UploadAsync(path, Second(path));
        await ShouldHoldAsync(path, Second(path));
    }

    private async Task ShouldHoldAsync(string path, byte[] bytes)
    {
        // The last of the steps is counted before it is taken.
        var item = await Eventually.GetAsync(() => ItemAsync(path), i => i.Status == ItemStatuses.Available, ct);
        Assert.Equal(ItemStatuses.Available, item.Status);
        var download = Assert.Single(await client.GetDownloadsAsync(UnattendedHost.Dataset, [item.Id], ct));
        Assert.Equal(SHA256.HashData(bytes), SHA256.HashData(await Store.GetByteArrayAsync(download.Url, ct)));
    }

    private async Task<Item> ItemAsync(string path) => await FindAsync(path) ?? throw new InvalidOperationException($"'{path}' is not there.");

    private async Task<Item?> FindAsync(string path) => await client.FindItemAsync(UnattendedHost.Dataset, path, ct);
}
