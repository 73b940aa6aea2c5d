using System.Text;
using System.Text.Json;
using Edna.Imports;
using Edna.Items;
using Edna.Jobs;
using Edna.Keys;
using Edna.Labels;
using Edna.Objects;
using Edna.Results;
using Edna.Silo.Tests.Cluster;
using Edna.Storage.Files;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Edna.Silo.Tests.Imports;

/// <summary>A dataset bound to a prefix of a bucket that was there before EDNA, and what somebody else does in that bucket.</summary>
internal sealed class Lake
{
    private readonly EdnaCluster edna;
    private readonly string root;

    private Lake(EdnaCluster edna, DatasetKey dataset, string unique, string prefix) => (this.edna, Dataset, Unique, root) = (edna, dataset, unique, unique + prefix);

    /// <summary>A document with one cat.</summary>
    public static PutLabels Cat { get; } = new()
    {
        Annotations = [new() { Kind = AnnotationKind.Classification, Class = "cat", Source = new() { Kind = "human", Name = "ann" } }],
    };

    public DatasetKey Dataset { get; }

    /// <summary>What all keys of this test start with.</summary>
    public string Unique { get; }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<Lake> MakeAsync(EdnaCluster edna, string prefix = "")
    {
        var unique = $"{Guid.NewGuid():n}/";
        var dataset = await edna.CreateDatasetAsync(new() { Storage = new() { Bucket = EdnaCluster.OtherBucket, Prefix = unique + prefix } });
        return new(edna, dataset, unique, prefix);
    }

    /// <summary>Writes an object as somebody else would: over whatever is there.</summary>
    public async Task PutAsync(string key, string text, string contentType = "text/plain", KeyValuePair<string, string>[]? metadata = null)
    {
        var put = new ObjectPut { Size = Encoding.UTF8.GetByteCount(text), ContentType = contentType, Metadata = metadata ?? [] };
        using var body = new MemoryStream(Encoding.UTF8.GetBytes(text));
        var stored = await edna.Services.GetRequiredService<FileObjectStore>().ReceiveAsync(At(key), put, [], false, body, Ct);
        Assert.Equal(ReceiveOutcome.Stored, stored.Outcome);
    }

    public ValueTask TagAsync(string key, Dictionary<string, string> tags) => edna.Store.SetTagsAsync(At(key), tags, Ct);

    public async Task<string> TagsAsync(string key) =>
        string.Join(' ', (await edna.Store.GetTagsAsync(At(key), Ct)).OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => $"{t.Key}={t.Value}"));

    public ValueTask<StoredObject?> HeadAsync(string key) => edna.Store.HeadAsync(At(key), Ct);

    public async Task<byte[]> ReadAsync(string key) => (await edna.Store.ReadAsync(At(key), Ct))!;

    /// <summary>The keys after the root, without <c>dataset.json</c>.</summary>
    public async Task<IReadOnlyList<string>> KeysAsync() =>
        await edna.Store.ListAsync(EdnaCluster.OtherBucket, root, null, Ct).Select(o => o.Key[root.Length..]).Where(k => k != "dataset.json").ToListAsync(Ct);

    public Task<Item> ItemAsync(string path) => EdnaCluster.Good(edna.Item(Dataset, path).GetAsync(false));

    /// <summary>Announces, brings and confirms five bytes.</summary>
    public async Task UploadAsync(string path, long attempt = 1)
    {
        await EdnaCluster.Good(edna.Item(Dataset, path).PlanAsync(EdnaCluster.Announce(path), "ann"));
        await PutAsync($"items/{ItemId.FromPath(path)}/{attempt}", "hello");
        await EdnaCluster.Good(edna.Item(Dataset, path).CompleteAsync(null, "ann"));
    }

    /// <summary>What lies where an item's signed download leads.</summary>
    public async Task<string> DownloadKeyOfAsync(string path)
    {
        var url = new Uri((await EdnaCluster.Good(edna.Item(Dataset, path).GetDownloadAsync(false))).Url);
        var key = Uri.UnescapeDataString(url.AbsolutePath)[$"/store/{EdnaCluster.OtherBucket}/".Length..];
        return Encoding.UTF8.GetString((await edna.Store.ReadAsync(new(EdnaCluster.OtherBucket, key), Ct))!);
    }

    public Task<Result<Job>> StartAsync(CreateImport request) =>
        edna.Grains.GetGrain<IJobGrain>($"default/import-{Guid.NewGuid():n}").StartImportAsync(Dataset.Dataset, request, "ann");

    public async Task<Job> ImportAsync(string? prefix = null, bool? details = null) =>
        await EndOfAsync((await EdnaCluster.Good(StartAsync(new CreateImport { Kind = "prefix", Prefix = prefix, Details = details }))).Id);

    public Task<Job> EndOfAsync(string job) => edna.EndOfAsync(job);

    /// <summary>One of a result's counts.</summary>
    public static long Count(Job job, params string[] path)
    {
        using var result = JsonDocument.Parse(job.Result!.Value.Text);
        return path.Aggregate(result.RootElement, (at, name) => at.GetProperty(name)).GetInt64();
    }

    private ObjectLocation At(string key) => new(EdnaCluster.OtherBucket, root + key);
}
