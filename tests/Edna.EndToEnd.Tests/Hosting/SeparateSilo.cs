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
        using var folder = new TempFolder();
        var (siloPort, gatewayPort, status) = (Ports.Free(), Ports.Free(), $"http://127.0.0.1:{Ports.Free()}");
        var settings = new Dictionary<string, string?>(bucket.Settings())
        {
            ["Edna__Cluster__SiloPort"] = $"{siloPort}", ["Edna__Cluster__GatewayPort"] = $"{gatewayPort}",
        };
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

        Assert.Equal(0, await edna.TerminateAsync(Ct));
        await silo.SignalAsync("TERM", Ct);
        Assert.Equal(0, await silo.WaitAsync(Ct));
    }
}
