using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Edna.Client;
using Edna.Compliance.Search.Elasticsearch;
using Edna.Harness;
using Xunit;

namespace Edna.Faults;

/// <summary>
/// A reindex is killed by SIGKILL at each request that it makes to the search server: before the server has done anything, and after it
/// has done everything but answered; one of both by lot, and both with <c>./test.sh --soak</c>. Each time it goes on after the restart, and the index is what the table is.
/// </summary>
public sealed class KilledReindex
{
    private const int Items = 60;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Timeout = 600_000)]
    public async Task A_reindex_that_is_killed_at_any_request_goes_on_and_ends_right()
    {
        await using var server = await FakeElasticsearch.StartAsync();
        await using var edna = await StartAsync(server);
        var steps = new List<string>();
        server.Fault = request =>
        {
            if (StepOf(request) is { } step) lock (steps) steps.Add(step);
            return null;
        };
        await EndAsync(edna, await StartAsync(edna));
        server.Fault = null;
        string[] distinct = [.. steps.Distinct()];
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join(", ", distinct));
        Assert.Equal(["PUT index", "_bulk", "_refresh", "_count", "_mget", "_aliases add", "_aliases", "DELETE index"], distinct);
        foreach (var step in distinct)
        {
            var lot = Random.Shared.Next(2) == 0;
            TestContext.Current.TestOutputHelper?.WriteLine($"{step}: {(Soak.IsOn ? "before and after" : lot ? "after" : "before")}");
            if (Soak.IsOn || !lot) await KillAtAsync(edna, server, step, isDone: false);
            if (Soak.IsOn || lot) await KillAtAsync(edna, server, step, isDone: true);
        }
    }

    /// <summary>
    /// The page's documents come to the server after one of its items was purged, and the process is killed before it can look at the rows again.
    /// The server has forgotten the purge by then: only what was kept before the push tells that there is something to remove.
    /// </summary>
    [Fact(Timeout = 300_000)]
    public async Task An_item_that_is_purged_while_its_document_is_on_its_way_stays_purged_when_the_reindex_is_killed_then()
    {
        await using var server = await FakeElasticsearch.StartAsync();
        await using var edna = await StartAsync(server);
        using var client = edna.NewClient();
        var (gone, other) = await client.ListItemsAsync("zoo", ct: Ct).ToListAsync(Ct) is var items ? (items[0].Id, items[1].Id) : default;
        var (isOnItsWay, isRemoved, isPatched) = (new TaskCompletionSource(), new TaskCompletionSource(), new TaskCompletionSource());
        using var isPurged = new ManualResetEventSlim();
        var isLast = false;
        server.Fault = request =>
        {
            if (StepOf(request) != "_bulk") return null;
            if (request.Query.Contains("refresh=false", StringComparison.Ordinal))
            {
                if (!isOnItsWay.TrySetResult()) return null;
                isPurged.Wait(TimeSpan.FromSeconds(60), CancellationToken.None);
                Kill(edna);
                return new FakeFault.Cut();
            }
            if (request.Body.Contains("\"delete\"", StringComparison.Ordinal)) isRemoved.TrySetResult();
            else if (Volatile.Read(ref isLast)) isPatched.TrySetResult();
            return null;
        };
        var job = await StartAsync(edna);
        await isOnItsWay.Task.WaitAsync(TimeSpan.FromSeconds(60), Ct);
        using (var http = edna.NewHttp())
        {
            using var purged = await http.DeleteAsync(new Uri($"v1/datasets/zoo/items/{gone}?permanent=true", UriKind.Relative), Ct);
            Assert.True(purged.IsSuccessStatusCode, await purged.Content.ReadAsStringAsync(Ct));
        }
        await isRemoved.Task.WaitAsync(TimeSpan.FromSeconds(60), Ct);
        // The indexer pushes one batch at a time: when it pushes the next one, the removal is through.
        Volatile.Write(ref isLast, true);
        await PatchAsync(edna, other);
        await isPatched.Task.WaitAsync(TimeSpan.FromSeconds(60), Ct);
        isPurged.Set();
        await edna.WaitForExitAsync(Ct).WaitAsync(TimeSpan.FromSeconds(60), Ct);
        var next = server.Indexes.Values.SelectMany(aliases => aliases).Single(alias => alias.EndsWith("-next", StringComparison.Ordinal));
        await Eventually.GetAsync(() => Task.FromResult(server.VersionsIn(next).Keys.ToList()), ids => ids.Contains($"default/zoo/{gone}"), Ct);
        server.Fault = null;
        await edna.StartAgainAsync(Ct);
        await EndAsync(edna, job);
        await ShouldBeTheTableAsync(edna, server, Items - 1);
        Assert.Empty(server.Violations);
    }

    private static async Task<EdnaProcess> StartAsync(FakeElasticsearch server)
    {
        var edna = await EdnaProcess.StartAsync(new Dictionary<string, string?>
        {
            ["Edna__Search__Provider"] = "Elasticsearch", ["Edna__Search__Elasticsearch__Address"] = server.Address.AbsoluteUri, ["Edna__Search__Elasticsearch__TombstoneSeconds"] = "0",
        }, ct: Ct);
        using var client = edna.NewClient();
        await client.CreateDatasetAsync(new CreateDataset { Name = "zoo" }, Ct);
        using var folder = new TempFolder();
        foreach (var i in Enumerable.Range(0, Items)) await File.WriteAllTextAsync(folder.At($"{i}.txt"), $"{i}", Ct);
        Assert.Empty((await client.PushAsync(folder.Path, "zoo", new PushOptions { Concurrency = 8 }, null, Ct)).Failures);
        await ShouldBeTheTableAsync(edna, server);
        return edna;
    }

    private static void Kill(EdnaProcess edna)
    {
        using var kill = Process.Start("kill", ["-s", "KILL", edna.Pid.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    private static async Task PatchAsync(EdnaProcess edna, string item)
    {
        using var http = edna.NewHttp();
        using var patch = new StringContent($$"""{"split": "{{Guid.NewGuid():n}}"}""", Encoding.UTF8, "application/merge-patch+json");
        using var patched = await http.PatchAsync(new Uri($"v1/datasets/zoo/items/{item}", UriKind.Relative), patch, Ct);
        Assert.True(patched.IsSuccessStatusCode, await patched.Content.ReadAsStringAsync(Ct));
    }

    private static async Task KillAtAsync(EdnaProcess edna, FakeElasticsearch server, string step, bool isDone)
    {
        var before = server.Indexes.Keys.Single();
        var left = 1;
        using var isStarted = new ManualResetEventSlim();
        server.Fault = request =>
        {
            if (StepOf(request) != step || Interlocked.Decrement(ref left) != 0) return null;
            // Who asked for the job must have been told its id.
            isStarted.Wait(TimeSpan.FromSeconds(30), CancellationToken.None);
            // What is to be done is done, and the process is gone before it hears of it.
            Kill(edna);
            return isDone ? new FakeFault.Cut() : new FakeFault.Down();
        };
        var job = await StartAsync(edna);
        isStarted.Set();
        await edna.WaitForExitAsync(Ct).WaitAsync(TimeSpan.FromSeconds(60), Ct);
        server.Fault = null;
        await edna.StartAgainAsync(Ct);
        await EndAsync(edna, job);
        var (name, aliases) = Assert.Single(server.Indexes);
        Assert.Equal(["edna"], aliases);
        Assert.NotEqual(before, name);
        // And whatever is written from now on comes to the one that is left.
        using var client = edna.NewClient();
        var items = await client.ListItemsAsync("zoo", ct: Ct).ToListAsync(Ct);
        await PatchAsync(edna, items[0].Id);
        await ShouldBeTheTableAsync(edna, server);
        Assert.Empty(server.Violations);
    }

    /// <summary>What a request is to a reindex; null when it is not one of its own.</summary>
    private static string? StepOf(FakeRequest request) => request switch
    {
        { Method: "PUT" or "DELETE" } => $"{request.Method} index",
        { Path: "/_aliases" } => request.Body.Contains("\"add\"", StringComparison.Ordinal) ? "_aliases add" : "_aliases",
        { Path: "/_mget" } => "_mget",
        _ => request.Path.Contains("-next/", StringComparison.Ordinal) ? request.Call : null,
    };

    private static async Task<string> StartAsync(EdnaProcess edna)
    {
        using var http = edna.NewHttp();
        using var answer = await http.PostAsync(new Uri("v1/search/reindex", UriKind.Relative), null, Ct);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Ct));
        Assert.True((int)answer.StatusCode == 202, json.RootElement.GetRawText());
        return json.RootElement.GetProperty("id").GetString()!;
    }

    private static async Task EndAsync(EdnaProcess edna, string job)
    {
        using var client = edna.NewClient();
        var done = await client.WaitForJobAsync(job, ct: Ct);
        Assert.True(done.Status == JobStatuses.Succeeded, string.Join('\n', done.Errors));
    }

    private static async Task ShouldBeTheTableAsync(EdnaProcess edna, FakeElasticsearch server, int count = Items)
    {
        using var client = edna.NewClient();
        var items = await client.ListItemsAsync("zoo", ct: Ct).ToListAsync(Ct);
        Assert.Equal(count, items.Count);
        var wanted = items.Select(i => KeyValuePair.Create($"default/zoo/{i.Id}", i.Revision)).OrderBy(i => i.Key, StringComparer.Ordinal).ToList();
        Assert.Equal(wanted, await Eventually.GetAsync(
            () => Task.FromResult(server.VersionsIn("edna").OrderBy(i => i.Key, StringComparer.Ordinal).ToList()), found => found.SequenceEqual(wanted), Ct));
    }
}
