using Edna.Client;
using Edna.Harness;
using Xunit;

namespace Edna.Faults;

/// <summary>A large push to a real S3 server during which the gateway is killed.</summary>
public sealed class KilledPush
{
    private static readonly int Count = Soak.IsOn ? 2_000 : 1_000;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Timeout = 480_000)]
    public async Task A_push_of_many_files_survives_two_kills_with_every_byte_and_no_leftovers()
    {
        await using var bucket = await CephBucket.CreateAsync(Ct);
        await using var edna = await EdnaProcess.StartAsync(bucket.Settings(), ct: Ct);
        using var folder = new TempFolder();
        var set = await SampleSet.DrawAsync(folder.At("drawn"), Count, Ct);
        using var client = edna.NewClient(new EdnaClientOptions { RetryFor = TimeSpan.FromSeconds(90) });
        await client.CreateDatasetAsync(SampleSet.Dataset("shapes"), Ct);
        var before = await bucket.ListAsync(Ct);

        await PushWithKillsAsync(edna, client, set, [Count / 5, Count * 3 / 5]);
        // Whatever a kill cut off is finished by pushing again; what is there is left alone.
        var again = await client.PushAsync(set.Folder, "shapes", await set.OptionsAsync(Ct), ct: Ct);
        Assert.Empty(again.Failures);
        Assert.Equal(0, again.Uploaded);

        var items = await client.ListItemsAsync("shapes", ct: Ct).ToListAsync(Ct);
        Assert.Equal(set.Images.Select(i => i.Path).Order(StringComparer.Ordinal), items.Select(i => i.Path));
        Assert.All(items, i => Assert.Equal(ItemStatuses.Available, i.Status));
        await SearchFindsAllAsync(client, set);

        var pulled = await client.PullAsync("shapes", folder.At("pulled"), ct: Ct);
        Assert.Empty(pulled.Failures);
        Assert.Equal(Count, pulled.Downloaded);
        foreach (var image in set.Images)
            Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(set.Folder, image.Path), Ct), await File.ReadAllBytesAsync(Path.Combine(folder.At("pulled"), image.Path), Ct));
        await BucketHoldsExactlyAsync(bucket, before, items);
    }

    /// <summary>Pushes, killing the gateway each time so many files are settled, and starting it again.</summary>
    private static async Task PushWithKillsAsync(EdnaProcess edna, EdnaClient client, SampleSet set, int[] killAt)
    {
        var reached = killAt.Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).ToArray();
        var progress = new Settled(settled =>
        {
            for (var i = 0; i < killAt.Length; i++)
                if (settled >= killAt[i]) reached[i].TrySetResult();
        });
        var push = client.PushAsync(set.Folder, "shapes", await set.OptionsAsync(Ct), progress, Ct);
        foreach (var phase in reached)
        {
            await await Task.WhenAny(phase.Task, push);
            Assert.False(push.IsCompleted, "The push was over before the gateway was killed.");
            await edna.KillAsync(Ct);
            await edna.StartAgainAsync(Ct);
        }
        var result = await push;
        Assert.Empty(result.Failures);
        Assert.Equal(Count, result.Uploaded + result.Unchanged);
    }

    private static async Task SearchFindsAllAsync(EdnaClient client, SampleSet set)
    {
        var classes = set.Images.Sum(i => i.Shapes.DistinctBy(s => s.Class).Count());
        var page = await Eventually.GetAsync(
            () => client.SearchAsync(new SearchRequest { Datasets = ["shapes"], Facets = ["label", "status"], Limit = 1 }, Ct),
            p => p.Total == Count && p.Facets["label"].Sum(f => f.Count) == classes, Ct);
        Assert.Equal(Count, page.Total);
        Assert.Equal(classes, page.Facets["label"].Sum(f => f.Count));
        Assert.Equal([new FacetValue(ItemStatuses.Available, Count)], page.Facets["status"]);
    }

    // One object an item under its current content, one document an item's labels, and what was there before: nothing else.
    private static async Task BucketHoldsExactlyAsync(CephBucket bucket, IReadOnlyList<string> before, List<Item> items)
    {
        var keys = (await bucket.ListAsync(Ct)).Except(before).ToArray();
        var contents = items.ToDictionary(i => $"/items/{i.Id}/{i.ContentRevision}");
        var labels = items.ToDictionary(i => $"/labels/{i.Id}/{i.LabelRevision}.json");
        var leftovers = keys.Where(k => !contents.Keys.Any(k.EndsWith) && !labels.Keys.Any(k.EndsWith)).ToArray();
        Assert.Empty(leftovers);
        Assert.Equal(items.Count, keys.Count(k => k.Contains("/items/", StringComparison.Ordinal)));
        Assert.Equal(items.Count, keys.Count(k => k.Contains("/labels/", StringComparison.Ordinal)));
    }

    private sealed class Settled(Action<int> report) : IProgress<PushProgress>
    {
        public void Report(PushProgress value) => report(value.Settled);
    }
}
