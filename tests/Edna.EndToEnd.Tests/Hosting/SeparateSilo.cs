using Edna.Client;
using Edna.Harness;
using Xunit;

namespace Edna.Hosting;

/// <summary>The silo in a process of its own, the gateway its client.</summary>
public sealed class SeparateSilo
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Timeout = 240_000)]
    public async Task A_gateway_without_a_silo_of_its_own_does_the_whole_job_through_one_beside_it()
    {
        await using var bucket = await CephBucket.CreateAsync(Ct);
        await using var collector = new FakeCollector();
        using var folder = new TempFolder();
        var (siloPort, gatewayPort, status) = (Ports.Free(), Ports.Free(), $"http://127.0.0.1:{Ports.Free()}");
        var settings = new Dictionary<string, string?>(bucket.Settings())
        {
            ["Edna__Cluster__SiloPort"] = $"{siloPort}", ["Edna__Cluster__GatewayPort"] = $"{gatewayPort}",
        };
        foreach (var (name, value) in collector.Settings) settings[name] = value;
        await using var silo = await ChildProcess.StartAsync(
            ["dotnet", Programs.Silo], new Dictionary<string, string?>(settings) { ["EDNA_DATA"] = folder.At("silo"), ["Edna__Silo__StatusUrl"] = status }, folder.Path, Ct);
        settings["Edna__Silo__CoHosted"] = "false";
        await using var edna = await EdnaProcess.StartAsync(settings, folder.At("gateway"), ct: Ct);
        var set = await SampleSet.DrawAsync(folder.At("drawn"), 40, Ct);
        using var client = edna.NewClient();
        await client.CreateDatasetAsync(SampleSet.Dataset("apart"), Ct);

        var pushed = await client.PushAsync(set.Folder, "apart", await set.OptionsAsync(Ct), ct: Ct);
        Assert.Empty(pushed.Failures);
        Assert.Equal((40, 40), (pushed.Uploaded, pushed.Labelled));

        var found = await Eventually.GetAsync(() => client.SearchAsync(new SearchRequest { Datasets = ["apart"] }, Ct), p => p.Total == 40, Ct);
        Assert.Equal(40, found.Total);
        var pulled = await client.PullAsync("apart", folder.At("pulled"), ct: Ct);
        Assert.Equal(40, pulled.Downloaded);
        using var http = new HttpClient { BaseAddress = new(status) };
        Assert.Equal(("live", "ready"), (await http.GetStringAsync("health/live", Ct), await http.GetStringAsync("health/ready", Ct)));
        var metrics = await http.GetStringAsync("metrics", Ct);
        Assert.All(["edna_changes_total{", "edna_table_duration_seconds_count{", "edna_store_duration_seconds_count{", "orleans_"], name => Assert.Contains(name, metrics, StringComparison.Ordinal));

        await TracedAsync(edna, collector);

        Assert.Equal(0, await edna.TerminateAsync(Ct));
        await silo.SignalAsync("TERM", Ct);
        Assert.Equal(0, await silo.WaitAsync(Ct));
    }

    /// <summary>A caller's own trace goes on through the gateway, the grain in the other process, and the request to the bucket.</summary>
    private static async Task TracedAsync(EdnaProcess edna, FakeCollector collector)
    {
        const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736", Caller = "00f067aa0ba902b7";
        using var client = edna.NewClient();
        var plan = await client.CreateItemAsync("apart", new CreateItem { Path = "traced.txt", ContentType = "text/plain", Size = 5 }, Ct);
        using var store = new HttpClient();
        await store.SendAsync(plan.Upload!, "hello"u8.ToArray(), Ct);
        using var http = edna.NewHttp();
        http.DefaultRequestHeaders.Add("traceparent", $"00-{Trace}-{Caller}-01");
        (await http.PostAsync($"v1/datasets/apart/items/{plan.Item.Id}/upload/complete", null, Ct)).EnsureSuccessStatusCode();

        var way = await Eventually.GetAsync(() => Task.FromResult(Way(collector.Of(Trace))), names => names.Count > 0, Ct);
        Assert.True(way.Count > 0, string.Join('\n', collector.Of(Trace)));
        Assert.Equal("POST /v1/datasets/{dataset}/items/{item}/upload/complete", way[0]);
        Assert.Contains(way, name => name.Contains("IItemGrain", StringComparison.Ordinal));
        Assert.Equal("store.head", way[^1]);

        // From what the caller began to what the bucket was asked.
        static IReadOnlyList<string> Way(IReadOnlyList<Span> spans)
        {
            var names = new List<string>();
            var at = spans.FirstOrDefault(span => span.Name == "store.head");
            for (; at is not null; at = spans.FirstOrDefault(span => span.Id == at.Parent))
            {
                names.Insert(0, at.Name);
                if (at.Parent == Caller) return names;
            }
            return [];
        }
    }
}
