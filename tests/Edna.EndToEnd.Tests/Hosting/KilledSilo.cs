using System.Diagnostics;
using Edna.Client;
using Edna.Harness;
using Xunit;

namespace Edna.Hosting;

/// <summary>Two silos and a gateway that is their client, found through DynamoDB.</summary>
public sealed class KilledSilo
{
    private const int Datasets = 16;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory(Timeout = 240_000)]
    [InlineData("KILL")]
    [InlineData("STOP")]
    public async Task The_grains_of_a_silo_that_is_killed_or_stands_still_answer_from_the_other(string signal)
    {
        // One that stands still is found out in about the same way, and takes the longest.
        if (signal == "STOP" && !Soak.IsOn) Assert.Skip("Only with --soak.");
        using var folder = new TempFolder();
        var settings = await DynamoCluster.CreateAsync(folder, Ct);
        var ofSilos = new Dictionary<string, string?>(settings) { ["EDNA_FAULT_ITEMS"] = "Sqlite" };
        await using var dying = await EdnaProcess.StartAsync(ofSilos, folder.At("dying"), program: Programs.FaultHost, ct: Ct);
        await using var staying = await EdnaProcess.StartAsync(ofSilos, folder.At("staying"), program: Programs.FaultHost, ct: Ct);
        var ofGateway = new Dictionary<string, string?>(settings) { ["Edna__Silo__CoHosted"] = "false" };
        await using var gateway = await EdnaProcess.StartAsync(ofGateway, folder.At("gateway"), ct: Ct);
        using var client = gateway.NewClient(new() { RequestTimeout = TimeSpan.FromSeconds(5) });
        using (var there = dying.NewClient())
        {
            for (var i = 0; i < Datasets; i++) await there.CreateDatasetAsync(new CreateDataset { Name = $"d{i}" }, Ct);
        }
        for (var i = 0; i < Datasets; i++) Assert.Equal($"d{i}", (await client.GetDatasetAsync($"d{i}", Ct)).Name);

        var since = Stopwatch.StartNew();
        await dying.SignalAsync(signal, Ct);
        // The client asks again while the answer is that something is not available.
        for (var i = 0; i < Datasets; i++) Assert.Equal($"d{i}", (await client.GetDatasetAsync($"d{i}", Ct)).Name);
        TestContext.Current.TestOutputHelper?.WriteLine($"{Datasets} grains answered again after {since.Elapsed.TotalSeconds:N1} s ({signal}).");

        // A silo that stood still finds out that it was given up, and ends itself.
        if (signal == "STOP") await dying.SignalAsync("CONT", Ct);
        Assert.NotEqual(0, await dying.WaitForExitAsync(Ct));
        await dying.StartAgainAsync(Ct);
        Assert.Equal(0, await staying.TerminateAsync(Ct));
        for (var i = 0; i < Datasets; i++) Assert.Equal($"d{i}", (await client.GetDatasetAsync($"d{i}", Ct)).Name);
    }
}
