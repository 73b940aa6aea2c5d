using System.Net;
using System.Security.Cryptography;
using System.Text;
using Edna.Client;
using Xunit;

namespace Edna.Faults;

/// <summary>What a client does to one item, and what comes of it.</summary>
/// <param name="client">The client.</param>
/// <param name="http">For what the client library has no call for.</param>
/// <param name="dataset">The dataset.</param>
/// <param name="ct">Cancels.</param>
internal sealed class Histories(EdnaClient client, HttpClient http, string dataset, CancellationToken ct)
{
    private const int LargeBytes = 12 << 20;
    private static readonly byte[] Large = RandomNumberGenerator.GetBytes(LargeBytes);
    private static readonly HttpClient Store = new();

    public static IReadOnlyList<History<Histories>> All { get; } =
    [
        new("an upload", Nothing, (h, p) => h.UploadAsync(p, First(p)), (h, p) => h.ShouldHoldAsync(p, First(p))),
        new("an upload in parts", Nothing, (h, p) => h.UploadAsync(p, Large), (h, p) => h.ShouldHoldAsync(p, Large)),
        new("a batch", Nothing, (h, p) => h.UploadBatchAsync(p), async (h, p) =>
        {
            foreach (var path in InBatch(p)) await h.ShouldHoldAsync(path, First(path));
        }),
        new("a new content", (h, p) => h.UploadAsync(p, First(p)), (h, p) => h.UploadAsync(p, Second(p)), (h, p) => h.ShouldHoldAsync(p, Second(p))),
        new("tags", (h, p) => h.UploadAsync(p, First(p)), (h, p) => h.TagAsync(p), async (h, p) => Assert.Equal("high", (await h.ItemAsync(p)).Tags["quality"])),
        new("labels", (h, p) => h.UploadAsync(p, First(p)), (h, p) => h.LabelAsync(p), async (h, p) => Assert.Equal(1, (await h.ItemAsync(p)).Labels!.Revision)),
        new("the trash", (h, p) => h.UploadAsync(p, First(p)), (h, p) => h.TrashAsync(p), async (h, p) => Assert.Equal("trashed", (await h.ItemAsync(p)).Status)),
        new("out of the trash", (h, p) => h.TrashNewAsync(p), (h, p) => h.RestoreAsync(p), (h, p) => h.ShouldHoldAsync(p, First(p))),
        new("removal", (h, p) => h.UploadAsync(p, First(p)), (h, p) => h.RemoveAsync(p), async (h, p) => Assert.Null(await h.FindAsync(p))),
        new("giving up parts", Nothing, (h, p) => h.GiveUpAsync(p), async (h, p) => Assert.Equal("failed", (await h.ItemAsync(p)).Status)),
    ];

    private static Task Nothing(Histories history, string path) => Task.CompletedTask;

    private static byte[] First(string path) => Encoding.UTF8.GetBytes($"first content of {path}");

    private static byte[] Second(string path) => Encoding.UTF8.GetBytes($"second content of {path}, longer");

    public async Task UploadAsync(string path, byte[] bytes)
    {
        var plan = await client.CreateItemAsync(dataset, Describe(path, bytes), ct);
        if (plan.Upload is null) return;
        if (plan.Upload.Kind == "multipart") await SendPartsAsync(plan.Item.Id, bytes);
        else await PutAsync(plan.Upload.Url!, plan.Upload.Headers, bytes);
        await client.CompleteUploadAsync(dataset, plan.Item.Id, ct: ct);
    }

    private static string[] InBatch(string path) => [$"{path}/1", $"{path}/2", $"{path}/3"];

    private async Task UploadBatchAsync(string path)
    {
        var paths = InBatch(path);
        var plans = await client.CreateItemsAsync(dataset, [.. paths.Select(p => Describe(p, First(p)))], ct);
        foreach (var (plan, at) in plans.Zip(paths))
            if (plan.Upload is { } upload) await PutAsync(upload.Url!, upload.Headers, First(at));
        var outcomes = await client.CompleteItemsAsync(dataset, [.. plans.Select(p => p.Item!.Id)], ct);
        Assert.All(outcomes, o => Assert.Equal(ItemStatuses.Available, o.Item?.Status));
    }

    private async Task SendPartsAsync(string item, byte[] bytes)
    {
        var state = await client.GetUploadAsync(dataset, item, ct);
        var size = (int)state.Upload.PartSize!.Value;
        foreach (var part in state.Upload.Parts!)
            await PutAsync(part.Url, new Dictionary<string, string>(), bytes.AsSpan((part.PartNumber - 1) * size)[..Math.Min(size, bytes.Length - ((part.PartNumber - 1) * size))].ToArray());
    }

    private async Task TagAsync(string path)
    {
        var item = await ItemAsync(path);
        await client.PutTagsAsync(dataset, item.Id, new Dictionary<string, string> { ["quality"] = "high" }, ct);
    }

    private async Task LabelAsync(string path)
    {
        var item = await ItemAsync(path);
        await client.PutLabelsAsync(dataset, item.Id, new PutLabels
        {
            Annotations = [new Annotation { Kind = "bbox", Class = "cat", Bbox = [1, 2, 3, 4], Source = new AnnotationSource { Kind = "human", Name = "ann" } }], Status = "draft",
        }, ct: ct);
    }

    private async Task TrashAsync(string path) => await client.DeleteItemAsync(dataset, (await ItemAsync(path)).Id, ct: ct);

    private async Task TrashNewAsync(string path)
    {
        await UploadAsync(path, First(path));
        await TrashAsync(path);
    }

    private async Task RestoreAsync(string path)
    {
        using var answer = await http.PostAsync($"v1/datasets/{dataset}/items/{(await ItemAsync(path)).Id}/restore", null, ct);
        answer.EnsureSuccessStatusCode();
    }

    private async Task RemoveAsync(string path)
    {
        if (await FindAsync(path) is not { } item) return;
        try
        {
            await client.DeleteItemAsync(dataset, item.Id, permanent: true, ct);
        }
        catch (EdnaException e) when (e.Code == "item.not_found")
        {
            // The list may be a moment behind.
        }
    }

    private async Task GiveUpAsync(string path)
    {
        if (await FindAsync(path) is { Status: "failed" }) return;
        var plan = await client.CreateItemAsync(dataset, Describe(path, Large), ct);
        var first = plan.Upload!.Parts![0];
        await PutAsync(first.Url, new Dictionary<string, string>(), Large[..(int)plan.Upload.PartSize!.Value]);
        await client.AbortUploadAsync(dataset, plan.Item.Id, ct);
    }

    public async Task<Item> ItemAsync(string path) => await FindAsync(path) ?? throw new InvalidOperationException($"'{path}' is not there.");

    public async Task<Item?> FindAsync(string path) => await client.FindItemAsync(dataset, path, ct);

    private async Task ShouldHoldAsync(string path, byte[] bytes)
    {
        var item = await ItemAsync(path);
        Assert.Equal("available", item.Status);
        var download = Assert.Single(await client.GetDownloadsAsync(dataset, [item.Id], ct));
        Assert.Equal(SHA256.HashData(bytes), SHA256.HashData(await Store.GetByteArrayAsync(download.Url, ct)));
    }

    private static CreateItem Describe(string path, byte[] bytes) => new()
    {
        Path = path, ContentType = "application/octet-stream", Size = bytes.Length, Multipart = bytes.Length >= LargeBytes,
        Checksum = new Checksum("sha256", Convert.ToBase64String(SHA256.HashData(bytes))), Tags = new Dictionary<string, string> { ["camera"] = "7" }, Split = "train",
    };

    private async Task PutAsync(string url, IReadOnlyDictionary<string, string> headers, byte[] bytes)
    {
        using var put = new HttpRequestMessage(HttpMethod.Put, url) { Content = new ByteArrayContent(bytes) };
        foreach (var (name, value) in headers)
            if (!put.Headers.TryAddWithoutValidation(name, value)) put.Content.Headers.TryAddWithoutValidation(name, value);
        using var answer = await Store.SendAsync(put, ct);
        // 412: it lies there from before the crash.
        if (answer.StatusCode != HttpStatusCode.PreconditionFailed) answer.EnsureSuccessStatusCode();
    }
}
