using System.Diagnostics;
using Edna.Client;
using Edna.Harness;
using Xunit;

namespace Edna.Cluster;

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
        await using var cluster = await DynamoCluster.CreateAsync(null, Ct);
        await using var dying = await cluster.StartSiloAsync(Ct);
        await using var staying = await cluster.StartSiloAsync(Ct);
        await using var gateway = await cluster.StartGatewayAsync(Ct);
        using var client = gateway.NewClient(new() { RequestTimeout = TimeSpan.FromSeconds(5) });
        for (var i = 0; i < Datasets; i++) await client.CreateDatasetAsync(new CreateDataset { Name = $"d{i}" }, Ct);
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
