using System.Text.Json;
using Edna.Client;
using Edna.Harness;
using Xunit;

namespace Edna.Job;

/// <summary>The main job from end to end, whatever the objects lie in.</summary>
public abstract class WholeJob
{
    private const int Count = 60;

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Timeout = 180_000)]
    public async Task A_folder_is_pushed_labelled_found_and_pulled_with_every_byte_as_it_was()
    {
        await using var place = await OpenAsync();
        await using var edna = await EdnaProcess.StartAsync(place.Settings, ct: Ct);
        using var folder = new TempFolder();
        var set = await SampleSet.DrawAsync(folder.At("drawn"), Count, Ct);
        using var client = edna.NewClient();
        await client.CreateDatasetAsync(SampleSet.Dataset("shapes"), Ct);

        var pushed = await client.PushAsync(set.Folder, "shapes", await set.OptionsAsync(Ct), ct: Ct);
        Assert.Empty(pushed.Failures);
        Assert.Equal((Count, 0, Count), (pushed.Uploaded, pushed.Unchanged, pushed.Labelled));

        await ItemsAreListedAsync(client, set);
        await ItemsAreFoundAsync(client, set);
        await TagsAndLabelsAreKeptAsync(client, set);

        var pulled = await client.PullAsync("shapes", folder.At("pulled"), ct: Ct);
        Assert.Empty(pulled.Failures);
        Assert.Equal(Count, pulled.Downloaded);
        foreach (var image in set.Images)
            Assert.Equal(set.Sha256Of(image.Path), Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(folder.At("pulled"), image.Path), Ct))));
    }

    [Fact(Timeout = 180_000)]
    public async Task Pushing_and_pulling_again_moves_no_bytes()
    {
        await using var place = await OpenAsync();
        await using var edna = await EdnaProcess.StartAsync(place.Settings, ct: Ct);
        using var folder = new TempFolder();
        var set = await SampleSet.DrawAsync(folder.At("drawn"), Count, Ct);
        using var client = edna.NewClient();
        await client.CreateDatasetAsync(SampleSet.Dataset("shapes"), Ct);
        var options = await set.OptionsAsync(Ct);
        await client.PushAsync(set.Folder, "shapes", options, ct: Ct);
        await client.PullAsync("shapes", folder.At("pulled"), ct: Ct);
        var before = await client.ListItemsAsync("shapes", ct: Ct).ToListAsync(Ct);

        var pushed = await client.PushAsync(set.Folder, "shapes", options, ct: Ct);
        var pulled = await client.PullAsync("shapes", folder.At("pulled"), ct: Ct);

        Assert.Equal((0, Count, 0, Count), (pushed.Uploaded, pushed.Unchanged, pushed.Labelled, pushed.LabelsKept));
        Assert.Equal((0, Count), (pulled.Downloaded, pulled.Unchanged));
        var after = await client.ListItemsAsync("shapes", ct: Ct).ToListAsync(Ct);
        Assert.Equal(before.Select(i => (i.Path, i.Revision)), after.Select(i => (i.Path, i.Revision)));
    }

    [Fact(Timeout = 180_000)]
    public async Task A_changed_file_replaces_what_was_there_and_a_pull_fetches_only_it()
    {
        await using var place = await OpenAsync();
        await using var edna = await EdnaProcess.StartAsync(place.Settings, ct: Ct);
        using var folder = new TempFolder();
        var set = await SampleSet.DrawAsync(folder.At("drawn"), 5, Ct);
        using var client = edna.NewClient();
        await client.CreateDatasetAsync(SampleSet.Dataset("shapes"), Ct);
        await client.PushAsync(set.Folder, "shapes", await set.OptionsAsync(Ct), ct: Ct);
        await client.PullAsync("shapes", folder.At("pulled"), ct: Ct);
        var changed = set.Images[2].Path;
        await File.AppendAllTextAsync(Path.Combine(set.Folder, changed), "more", Ct);

        var pushed = await client.PushAsync(set.Folder, "shapes", await set.OptionsAsync(Ct), ct: Ct);
        var pulled = await client.PullAsync("shapes", folder.At("pulled"), ct: Ct);

        Assert.Equal((1, 4), (pushed.Uploaded, pushed.Unchanged));
        Assert.Equal((1, 4), (pulled.Downloaded, pulled.Unchanged));
        Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(set.Folder, changed), Ct), await File.ReadAllBytesAsync(Path.Combine(folder.At("pulled"), changed), Ct));
    }

    /// <summary>A place for objects, with the settings that lead there.</summary>
    protected abstract Task<ObjectPlace> OpenAsync();

    private static async Task ItemsAreListedAsync(EdnaClient client, SampleSet set)
    {
        var items = await client.ListItemsAsync("shapes", new ItemQuery { Limit = 7 }, Ct).ToListAsync(Ct);
        Assert.Equal(set.Images.Select(i => i.Path).Order(StringComparer.Ordinal), items.Select(i => i.Path));
        Assert.All(items, i => Assert.Equal(ItemStatuses.Available, i.Status));
        Assert.All(items, i => Assert.Equal(set.Sha256Of(i.Path), i.Checksum?.Value));
        var inTest = await client.ListItemsAsync("shapes", new ItemQuery { Split = "test" }, Ct).ToListAsync(Ct);
        Assert.Equal(set.Images.Count(i => i.Split == "test"), inTest.Count);
    }

    private static async Task ItemsAreFoundAsync(EdnaClient client, SampleSet set)
    {
        var circles = set.Images.Count(i => i.Shapes.Any(s => s.Class == "circle") && i.Background == "dark");
        var page = await Eventually.GetAsync(
            () => client.SearchAsync(new SearchRequest
            {
                Datasets = ["shapes"], Facets = ["split", "label"],
                Filter = new SearchFilter { Labels = ["circle"], Tags = new Dictionary<string, string> { ["background"] = "dark" } },
            }, Ct), p => p.Total == circles, Ct);
        Assert.Equal(circles, page.Total);
        Assert.Equal(circles, page.Facets["split"].Sum(f => f.Count));
        Assert.Equal(circles, page.Facets["label"].Single(f => f.Value == "circle").Count);
    }

    private static async Task TagsAndLabelsAreKeptAsync(EdnaClient client, SampleSet set)
    {
        var image = set.Images[0];
        var item = await client.FindItemAsync("shapes", image.Path, Ct);
        Assert.NotNull(item);
        Assert.Equal(image.Tags, await client.GetTagsAsync("shapes", item.Id, Ct));
        var labels = await client.GetLabelsAsync("shapes", item.Id, Ct);
        Assert.Equal(image.Shapes.Select(s => s.Class), labels.Annotations.Select(a => a.Class));
        Assert.Equal(image.Shapes.Select(s => new double[] { s.X, s.Y, s.Size, s.Size }), labels.Annotations.Select(a => a.Bbox!.ToArray()));
        Assert.All(labels.Annotations, a => Assert.Equal(JsonValueKind.String, a.Attributes!["color"].ValueKind));

        var stale = await Assert.ThrowsAsync<EdnaException>(() => client.PutLabelsAsync("shapes", item.Id, new PutLabels { Annotations = [] }, ifMatch: 0, Ct));
        Assert.Equal((412, "labels.revision_conflict", (long?)labels.Revision), (stale.Status, stale.Code, stale.Problem.CurrentRevision));
    }
}

/// <summary>Where a test's gateway keeps its objects.</summary>
public sealed class ObjectPlace(Dictionary<string, string?>? settings = null, IAsyncDisposable? owner = null) : IAsyncDisposable
{
    internal Dictionary<string, string?> Settings { get; } = settings ?? [];

    public ValueTask DisposeAsync() => owner?.DisposeAsync() ?? ValueTask.CompletedTask;
}

/// <summary>On the embedded default: files under the data directory.</summary>
public sealed class WholeJobOnFiles : WholeJob
{
    protected override Task<ObjectPlace> OpenAsync() => Task.FromResult(new ObjectPlace());
}

/// <summary>On a real S3 server, by configuration alone.</summary>
public sealed class WholeJobOnCeph : WholeJob
{
    protected override async Task<ObjectPlace> OpenAsync()
    {
        var bucket = await CephBucket.CreateAsync(Ct);
        return new ObjectPlace(bucket.Settings(), bucket);
    }
}
