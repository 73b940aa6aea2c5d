using Edna.Client;
using Edna.Compliance.Search.Elasticsearch;
using Edna.Harness;
using Xunit;

namespace Edna.Cluster;

/// <summary>What must hold after whatever happened: table, feed, bucket and index say one thing, and all that was acknowledged is in it.</summary>
internal sealed class ClusterCheck(EdnaProcess gateway, FakeElasticsearch search, string dataset, CancellationToken ct)
{
    public async Task ShouldHoldAsync(IReadOnlyCollection<Written> written)
    {
        using var client = gateway.NewClient();
        var items = await client.ListItemsAsync(dataset, ct: ct).ToListAsync(ct);
        var byPath = items.ToDictionary(item => item.Path, StringComparer.Ordinal);
        foreach (var one in written.Where(one => one.Id is not null))
        {
            Assert.Equal(one.Id, byPath[one.Path].Id);
            one.ShouldBe(byPath[one.Path]);
        }
        Assert.Empty(byPath.Keys.Except(written.Select(one => one.Path)));
        TestContext.Current.TestOutputHelper?.WriteLine($"{written.Count(one => one.IsAvailable)} items were acknowledged, {items.Count} are there.");

        await ShouldHaveOneHistoryAsync(client, items);
        await ShouldBeInTheBucketAsync(client, [.. written.Where(one => one.IsAvailable)]);
        var wanted = items.Select(item => KeyValuePair.Create($"default/{dataset}/{item.Id}", item.Revision)).OrderBy(item => item.Key, StringComparer.Ordinal).ToList();
        Assert.Equal(wanted, await Eventually.GetAsync(
            () => Task.FromResult(search.VersionsIn("edna").OrderBy(item => item.Key, StringComparer.Ordinal).ToList()), found => found.SequenceEqual(wanted), ct));
        Assert.Empty(search.Violations);
    }

    /// <summary>Each item has every revision once, in order, up to the one that it is at.</summary>
    private async Task ShouldHaveOneHistoryAsync(EdnaClient client, List<Item> items)
    {
        var changes = await client.ListChangesAsync(dataset, ct: ct).ToListAsync(ct);
        var histories = changes.GroupBy(change => change.Item).ToDictionary(history => history.Key, history => history.Select(change => change.Revision).ToList());
        Assert.Equal(items.Select(item => item.Id).Order(), histories.Keys.Order());
        foreach (var item in items) Assert.Equal(Enumerable.Range(1, (int)item.Revision).Select(revision => (long)revision), histories[item.Id]);
        Assert.Equal(changes.Count, changes.Select(change => change.Cursor).Distinct().Count());
    }

    private async Task ShouldBeInTheBucketAsync(EdnaClient client, IReadOnlyList<Written> available)
    {
        using var store = new HttpClient();
        foreach (var some in available.Chunk(100))
        {
            var downloads = await client.GetDownloadsAsync(dataset, [.. some.Select(one => one.Id!)], ct);
            foreach (var (one, download) in some.Zip(downloads)) Assert.Equal(one.Bytes, await store.GetByteArrayAsync(download.Url, ct));
        }
    }
}
