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
        var (siloPort, gatewayPort) = (Ports.Free(), Ports.Free());
        var settings = new Dictionary<string, string?>(bucket.Settings())
        {
            ["Edna__Cluster__SiloPort"] = $"{siloPort}", ["Edna__Cluster__GatewayPort"] = $"{gatewayPort}",
        };
        await using var silo = await ChildProcess.StartAsync(
            ["dotnet", Programs.Silo], new Dictionary<string, string?>(settings) { ["EDNA_DATA"] = folder.At("silo") }, folder.Path, Ct);
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
        Assert.Equal(0, await edna.TerminateAsync(Ct));
        await silo.SignalAsync("TERM", Ct);
        Assert.Equal(0, await silo.WaitAsync(Ct));
    }
}
