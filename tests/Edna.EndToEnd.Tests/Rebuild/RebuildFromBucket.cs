using System.Text;
using System.Text.Json;
using Edna.Client;
using Edna.Harness;
using Xunit;

namespace Edna.Rebuild;

/// <summary>Everything that was acknowledged is in the bucket: item table, changes and index may be lost.</summary>
public sealed class RebuildFromBucket
{
    private const int Count = 60;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory(Timeout = 240_000), InlineData(false), InlineData(true)]
    public async Task What_was_lost_is_answered_again_as_it_was_after_a_rebuild(bool ceph)
    {
        await using var bucket = ceph ? await CephBucket.CreateAsync(Ct) : null;
        var settings = bucket?.Settings() ?? [];
        await using var edna = await EdnaProcess.StartAsync(settings, ct: Ct);
        using var folder = new TempFolder();
        await DoAJobAsync(edna, folder);
        var before = await ApiAnswers.ReadAsync(edna, Ct);

        var (locked, message) = await AdminRun.RunAsync(edna, settings, ["rebuild"], Ct);
        Assert.Equal(2, locked);
        Assert.Contains("state.directory_in_use", message, StringComparison.Ordinal);

        await edna.TerminateAsync(Ct);
        await ScrubFindsNothingAsync(edna, settings);
        AdminRun.LoseState(edna);
        var (dry, told) = await AdminRun.RunAsync(edna, settings, ["rebuild", "--dry-run"], Ct);
        Assert.True(dry == 0, told);
        Assert.Contains($"Would rebuild 1 datasets, {Count} items", told, StringComparison.Ordinal);
        var (code, log) = await AdminRun.RunAsync(edna, settings, ["rebuild"], Ct);
        Assert.True(code == 0, log);
        Assert.Contains($"Rebuilt 1 datasets, {Count} items", log, StringComparison.Ordinal);
        await ScrubFindsNothingAsync(edna, settings);
        await edna.StartAgainAsync(Ct);
        ApiAnswers.AssertSame(before, await ApiAnswers.ReadAsync(edna, Ct));

        // What is done from here on is done as ever: new revisions and keys follow on from what was there.
        using var client = edna.NewClient();
        var set = await SampleSet.DrawAsync(folder.At("again"), 3, Ct);
        await File.AppendAllTextAsync(Path.Combine(set.Folder, set.Images[0].Path), "more", Ct);
        var pushed = await client.PushAsync(set.Folder, "shapes", await set.OptionsAsync(Ct), ct: Ct);
        Assert.Empty(pushed.Failures);
        Assert.Equal(Count, (await client.GetChangesAsync("shapes", null, 1000, Ct)).Changes.DistinctBy(c => c.Item).Count());
    }

    [Fact(Timeout = 240_000)]
    public async Task A_rebuild_that_is_killed_again_and_again_goes_on_where_it_was_and_ends_as_one_that_was_not()
    {
        await using var edna = await EdnaProcess.StartAsync(ct: Ct);
        using var folder = new TempFolder();
        await DoAJobAsync(edna, folder);
        await AnnounceManyAsync(edna);
        var before = await ApiAnswers.ReadAsync(edna, Ct);
        await edna.TerminateAsync(Ct);
        AdminRun.LoseState(edna);

        var checkpoint = Path.Combine(edna.DataDirectory, "rebuild.json");
        var (killed, seen) = (0, "");
        while (killed < 3)
        {
            await using var rebuild = await AdminRun.StartAsync(edna, new Dictionary<string, string?>(), ["rebuild"], Ct);
            while (!rebuild.HasExited && (!File.Exists(checkpoint) || await ReadAsync(checkpoint) == seen)) await Task.Yield();
            Assert.False(rebuild.HasExited, rebuild.Log);
            await rebuild.SignalAsync("KILL", Ct);
            await rebuild.WaitAsync(Ct);
            seen = await ReadAsync(checkpoint);
            killed++;
        }
        var (code, log) = await AdminRun.RunAsync(edna, new Dictionary<string, string?>(), ["rebuild"], Ct);
        Assert.True(code == 0, log);
        Assert.Contains("Going on with the rebuild", log, StringComparison.Ordinal);
        Assert.False(File.Exists(checkpoint));
        await edna.StartAgainAsync(Ct);
        ApiAnswers.AssertSame(before, await ApiAnswers.ReadAsync(edna, Ct));
    }

    /// <summary>Bucket and table say the same, every tag and every byte's fingerprint included.</summary>
    private static async Task ScrubFindsNothingAsync(EdnaProcess edna, IReadOnlyDictionary<string, string?> settings)
    {
        var (code, log) = await AdminRun.RunAsync(edna, settings, ["scrub", "--deep", "--older-than", "00:00:00"], Ct);
        Assert.True(code == 0, log);
        Assert.Contains($"Compared {Count} items: 0 findings", log, StringComparison.Ordinal);
    }

    private static async Task<string> ReadAsync(string path) => await File.ReadAllTextAsync(path, Ct);

    /// <summary>More small items, so that a rebuild has several batches.</summary>
    private static async Task AnnounceManyAsync(EdnaProcess edna)
    {
        using var folder = new TempFolder();
        for (var i = 0; i < 1_500; i++)
        {
            Directory.CreateDirectory(folder.At($"many/{i % 30}"));
            await File.WriteAllTextAsync(folder.At($"many/{i % 30}/{i}.txt"), $"text {i}", Ct);
        }
        using var client = edna.NewClient();
        await client.CreateDatasetAsync(new CreateDataset { Name = "texts" }, Ct);
        Assert.Equal(1_500, (await client.PushAsync(folder.At("many"), "texts", new PushOptions(), ct: Ct)).Uploaded);
    }

    /// <summary>One of everything that can be done to an item and leaves a trace that clients see.</summary>
    private static async Task DoAJobAsync(EdnaProcess edna, TempFolder folder)
    {
        var set = await SampleSet.DrawAsync(folder.At("drawn"), Count, Ct);
        using var client = edna.NewClient();
        using var http = edna.NewHttp();
        await client.CreateDatasetAsync(SampleSet.Dataset("shapes"), Ct);
        Assert.Empty((await client.PushAsync(set.Folder, "shapes", await set.OptionsAsync(Ct), ct: Ct)).Failures);
        var items = (await client.ListItemsAsync("shapes", ct: Ct).ToListAsync(Ct)).Select(i => $"v1/datasets/shapes/items/{i.Id}").ToArray();

        await SendAsync(http, HttpMethod.Put, $"{items[0]}/tags", """{"room":"kitchen","note":"a b:c/d"}""");
        await SendAsync(http, HttpMethod.Patch, $"{items[1]}/tags", """{"room":"cellar"}""");
        await SendAsync(http, HttpMethod.Delete, $"{items[0]}/labels", null);
        await SendAsync(http, HttpMethod.Patch, items[2], """{"metadata":{"weather":"Föhn","n":[1,2,{"x":null}]},"split":"test"}""");
        await SendAsync(http, HttpMethod.Patch, items[3], """{"metadata":{"long":"LONG"}}""".Replace("LONG", new string('ü', 3_000), StringComparison.Ordinal));
        await SendAsync(http, HttpMethod.Patch, items[3], """{"split":null}""");
        await SendAsync(http, HttpMethod.Post, $"{items[4]}/labels/review", """{"decision":"reject","comment":"no"}""");
        await SendAsync(http, HttpMethod.Delete, items[5], null);
        await SendAsync(http, HttpMethod.Delete, items[6], null);
        await SendAsync(http, HttpMethod.Post, $"{items[6]}/restore", null);
        await SendAsync(http, HttpMethod.Delete, $"{items[7]}?permanent=true", null);
        // Uploaded anew: the same path with other bytes, and an item whose metadata does not fit its object.
        await File.AppendAllTextAsync(Path.Combine(set.Folder, set.Images[9].Path), "more", Ct);
        Assert.DoesNotContain((await client.PushAsync(set.Folder, "shapes", await set.OptionsAsync(Ct), ct: Ct)).Failures, f => !f.ToString().Contains("trash", StringComparison.OrdinalIgnoreCase));
        await SendAsync(http, HttpMethod.Delete, $"{items[7]}?permanent=true", null);
        using var long_ = new HttpClient();
        var plan = await client.CreateItemAsync("shapes", new CreateItem
        {
            Path = "käfer/größe 100%.txt", ContentType = "text/plain", Size = 5, Tags = new Dictionary<string, string> { ["room"] = "hall" },
            Metadata = JsonDocument.Parse($$"""{"long":"{{new string('ж', 900)}}"}""").RootElement,
        }, Ct);
        using var put = new HttpRequestMessage(HttpMethod.Put, plan.Upload!.Url) { Content = new ByteArrayContent("hello"u8.ToArray()) };
        foreach (var (name, value) in plan.Upload.Headers)
            if (!put.Headers.TryAddWithoutValidation(name, value)) put.Content.Headers.TryAddWithoutValidation(name, value);
        (await long_.SendAsync(put, Ct)).EnsureSuccessStatusCode();
        Assert.DoesNotContain(await client.CompleteItemsAsync("shapes", [plan.Item.Id], Ct), o => o.Problem is not null);
        await client.CreateDatasetAsync(new CreateDataset { Name = "gone" }, Ct);
        await client.DeleteDatasetAsync("gone", ct: Ct);
    }

    private static async Task SendAsync(HttpClient http, HttpMethod method, string at, string? body)
    {
        using var request = new HttpRequestMessage(method, at);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, method == HttpMethod.Patch ? "application/merge-patch+json" : "application/json");
        using var answer = await http.SendAsync(request, Ct);
        Assert.True(answer.IsSuccessStatusCode, $"{method} {at}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync(Ct)}");
    }
}
