using Edna.Client;
using Edna.Hosting;
using Edna.Samples;

namespace Edna.Demo;

/// <summary>
/// The whole job on the sample set, over REST alone: dataset, batch plan, signed PUTs, confirm, tags, labels, search, download.
/// Every step is idempotent, so running it again finds everything done.
/// </summary>
internal sealed class DemoWalk(EdnaClient client, DataDirectory data, TimeProvider time, DemoConsole console)
{
    /// <summary>The dataset that the demo makes.</summary>
    public const string Dataset = "demo-shapes";

    private static readonly TimeSpan SearchPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan SearchPause = TimeSpan.FromMilliseconds(100);

    private readonly string _drawn = data.At("demo/drawn");
    private readonly string _pulled = data.At("demo/pulled");

    /// <summary>Walks.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        var started = time.GetTimestamp();
        await console.StepAsync("Draw", async report => await DrawAsync(report, ct));
        await console.StepAsync("Dataset", async _ => await MakeDatasetAsync(ct));
        await console.StepAsync("Push", async report => await PushAsync(report, ct));
        await console.StepAsync("Tags", async _ => await TagAsync(ct));
        await console.StepAsync("Search", async report => await SearchAsync(report, ct));
        await console.StepAsync("Download", async report => await PullAsync(report, ct));
        console.Say($"Done in {time.GetElapsedTime(started).TotalSeconds:N1} s. Now try:");
        console.Say($"  KEY=$(cat {data.At("admin.key")})");
        console.Say($"  curl -H \"Authorization: Bearer $KEY\" {client.Address}v1/datasets/{Dataset}");
        console.Say($"  curl -H \"Authorization: Bearer $KEY\" '{client.Address}v1/datasets/{Dataset}/items?label=circle&split=test&limit=3'");
        console.Say($"  curl -H \"Authorization: Bearer $KEY\" {client.Address}v1/search -d '{{\"query\":\"triangle\",\"facets\":[\"label\",\"split\"],\"limit\":1}}' -H 'content-type: application/json'");
        console.Say($"  {client.Address}docs in a browser: the API's reference");
    }

    private async Task<FormattableString> DrawAsync(Action<double, double> report, CancellationToken ct)
    {
        var drawn = 0;
        var images = await ShapesFolder.WriteAsync(_drawn, drawn: _ => report(Interlocked.Increment(ref drawn), ShapesSet.DefaultCount), ct: ct);
        return $"{images.Count:N0} labelled images in {_drawn}";
    }

    private async Task<FormattableString> MakeDatasetAsync(CancellationToken ct)
    {
        var dataset = await client.EnsureDatasetAsync(DemoDataset.Request(Dataset), ct);
        return $"'{dataset.Name}' with {dataset.LabelSchema?.Classes.Count ?? 0} label classes and {dataset.Splits?.Count ?? 0} splits";
    }

    private async Task<FormattableString> PushAsync(Action<double, double> report, CancellationToken ct)
    {
        var labels = Path.Combine(_drawn, ShapesLabels.FileName);
        var options = new PushOptions { Labels = await LabelsFile.ReadAsync(labels, ct), Except = new HashSet<string> { labels } };
        var result = await client.PushAsync(_drawn, Dataset, options, new DemoProgress<PushProgress>(p => report(p.Settled, p.Files)), ct);
        if (result.Failures is [var first, ..])
            throw new InvalidOperationException($"{result.Failures.Count} files failed, the first is {first.Path}: {first.Problem.Text}");
        return $"{result.Uploaded:N0} uploaded by signed URL and confirmed, {result.Unchanged:N0} there already; {result.Labelled:N0} labelled, {result.LabelsKept:N0} labelled already";
    }

    private async Task<FormattableString> TagAsync(CancellationToken ct)
    {
        var path = ShapesSet.Plan(1).First().Path;
        var item = await client.FindItemAsync(Dataset, path, ct) ?? throw new InvalidOperationException($"'{path}' is not in the dataset.");
        var tags = new Dictionary<string, string>(item.Tags) { ["favourite"] = "yes" };
        await client.PutTagsAsync(Dataset, item.Id, tags, ct);
        return $"{path} is a favourite now";
    }

    private async Task<FormattableString> SearchAsync(Action<double, double> report, CancellationToken ct)
    {
        var request = new SearchRequest
        {
            Datasets = [Dataset], Filter = new SearchFilter { Tags = new Dictionary<string, string> { ["source"] = "shapes" } }, Facets = ["label", "split"], Limit = 1,
        };
        // The index follows the items by moments; the demo waits for it so that what it prints is whole.
        var asked = time.GetTimestamp();
        var page = await client.SearchAsync(request, ct);
        while (!IsWhole(page) && time.GetElapsedTime(asked) < SearchPatience)
        {
            report(page.Total, ShapesSet.DefaultCount);
            await Task.Delay(SearchPause, time, ct);
            page = await client.SearchAsync(request, ct);
        }
        if (!IsWhole(page)) throw new InvalidOperationException($"The search index has {page.Total} of {ShapesSet.DefaultCount} items after {SearchPatience.TotalSeconds} s.");
        return $"{page.Total:N0} found; by label {Counts(page, "label")}; by split {Counts(page, "split")}";
    }

    private async Task<FormattableString> PullAsync(Action<double, double> report, CancellationToken ct)
    {
        var result = await client.PullAsync(Dataset, _pulled, progress: new DemoProgress<PullProgress>(p => report(p.Settled, p.Found)), ct: ct);
        var same = 0;
        foreach (var image in ShapesSet.Plan())
        {
            var (sent, got) = (await File.ReadAllBytesAsync(Path.Combine(_drawn, image.Path), ct), await File.ReadAllBytesAsync(Path.Combine(_pulled, image.Path), ct));
            if (!sent.AsSpan().SequenceEqual(got)) throw new InvalidOperationException($"'{image.Path}' came back with other bytes.");
            same++;
        }
        return $"{result.Downloaded:N0} fetched by signed URL, {result.Unchanged:N0} here already; {same:N0} compared, every byte as it was sent";
    }

    // Labels are pushed after the bytes: whole is when every image has been counted under a class of its own.
    private static bool IsWhole(SearchPage page) => page.Total == ShapesSet.DefaultCount
        && page.Facets["label"].Sum(f => f.Count) >= DemoDataset.LabelledClasses;

    private static string Counts(SearchPage page, string facet) => string.Join(", ", page.Facets[facet].Select(f => $"{f.Value} {f.Count}"));
}
