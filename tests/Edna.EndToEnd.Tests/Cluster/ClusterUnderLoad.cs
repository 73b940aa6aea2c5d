using System.Diagnostics;
using System.Text.Json;
using Edna.Client;
using Edna.Harness;
using Xunit;

namespace Edna.Cluster;

/// <summary>Three silos and two gateways, as processes of their own, and everything that may happen to them while clients write and read.</summary>
public sealed class ClusterUnderLoad
{
    private const string Dataset = "load";

    /// <summary>The share that is answered whatever is done to silos and gateways. Of few requests, those that were under way with the one that died are a larger share.</summary>
    private const double Most = 0.95;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Timeout = 2_400_000)]
    public async Task What_was_acknowledged_is_there_once_whoever_was_killed_paused_restarted_or_away()
    {
        await using var dynamo = new TcpGate(DynamoCluster.Server());
        await using var cluster = await DynamoCluster.CreateAsync(dynamo.Address, Ct);
        var silos = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => cluster.StartSiloAsync(Ct)));
        var gateways = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => cluster.StartGatewayAsync(Ct)));
        try
        {
            using (var client = gateways[0].NewClient()) await client.CreateDatasetAsync(new CreateDataset { Name = Dataset }, Ct);
            await using var balancer = new Balancer(gateways);
            await using var load = new MixedLoad(balancer, Dataset, Ct);
            load.Start();
            await load.AnsweredAsync(100);

            var run = new List<Tally>();
            await DuringAsync(run, balancer, "silos killed", atLeast: Most, async () =>
            {
                foreach (var silo in Killed(silos))
                {
                    await silo.KillAsync(Ct);
                    await load.AnsweredAsync(Soak.IsOn ? 1_000 : 100);
                    await silo.StartAgainAsync(Ct);
                    await load.AnsweredAsync(Soak.IsOn ? 1_000 : 100);
                }
            });
            if (Soak.IsOn) await DuringAsync(run, balancer, "a silo paused for 40 s", atLeast: Most, () => PauseAsync(silos[0], load));
            await DuringAsync(run, balancer, "a gateway killed", atLeast: Most, async () =>
            {
                await gateways[1].KillAsync(Ct);
                await load.AnsweredAsync(Soak.IsOn ? 2_000 : 120);
                await gateways[1].StartAgainAsync(Ct);
                await load.AnsweredAsync(60);
            });
            await DuringAsync(run, balancer, "DynamoDB away", atLeast: 0, async () =>
            {
                await dynamo.ShutAsync();
                await Task.Delay(TimeSpan.FromSeconds(Soak.IsOn ? 15 : 4), Ct);
                dynamo.Open();
                await load.AnsweredAsync(Soak.IsOn ? 1_000 : 100);
            });
            await DuringAsync(run, balancer, "restarted, one after the other", atLeast: 1, async () =>
            {
                foreach (var silo in Restarted(silos))
                {
                    Assert.Equal(0, await silo.TerminateAsync(Ct));
                    await silo.StartAgainAsync(Ct);
                    await load.AnsweredAsync(60);
                }
                foreach (var gateway in Restarted(gateways))
                {
                    Assert.Equal(0, await gateway.TerminateAsync(Ct));
                    await gateway.StartAgainAsync(Ct);
                    await load.AnsweredAsync(60);
                }
            });
            await load.StopAsync();
            var (good, asked) = (run.Sum(tally => tally.Good), run.Sum(tally => tally.Good + tally.Failures.Count));
            TestContext.Current.TestOutputHelper?.WriteLine($"In all: {good} of {asked} answered ({(double)good / asked:P2}).");
            if (Soak.IsOn) Assert.True(good >= 0.995 * asked, $"{good} of {asked} were answered.");
            await new ClusterCheck(gateways[0], cluster.Search, Dataset, Ct).ShouldHoldAsync(load.All);

            var (refused, reason) = await cluster.AdministerAsync("scrub --deep", Ct);
            Assert.True(refused == 2 && reason.Contains("The cluster 'edna' is running: 127.0.0.1:", StringComparison.Ordinal), reason);
            foreach (var silo in silos) Assert.Equal(0, await silo.TerminateAsync(Ct));
            var (_, report) = await cluster.AdministerAsync("scrub --deep --json --older-than 00:00:00", Ct);
            using var found = JsonDocument.Parse(report.Split('\n').Last(line => line.StartsWith('{')));
            foreach (var finding in found.RootElement.GetProperty("details").EnumerateArray().Select(finding => finding.GetString()!))
            {
                TestContext.Current.TestOutputHelper?.WriteLine(finding);
                Assert.Contains(load.All, one => one.Explains(finding));
            }
        }
        catch
        {
            foreach (var silo in silos) TestContext.Current.TestOutputHelper?.WriteLine(silo.Log);
            foreach (var gateway in gateways) TestContext.Current.TestOutputHelper?.WriteLine(gateway.Log);
            throw;
        }
        finally
        {
            foreach (var gateway in gateways) await gateway.DisposeAsync();
            foreach (var silo in silos) await silo.DisposeAsync();
        }
    }

    /// <summary>One of them; with <c>--soak</c> nine, one after the other.</summary>
    private static IEnumerable<SiloProcess> Killed(SiloProcess[] silos)
    {
        var random = new Random(5);
        return Enumerable.Range(0, Soak.IsOn ? 9 : 1).Select(_ => silos[random.Next(silos.Length)]);
    }

    /// <summary>One of each kind; all of them, three times over, with <c>--soak</c>.</summary>
    private static IEnumerable<T> Restarted<T>(T[] processes) => Soak.IsOn ? Enumerable.Repeat(processes, 3).SelectMany(all => all) : processes.Take(1);

    private static async Task PauseAsync(SiloProcess silo, MixedLoad load)
    {
        await silo.SignalAsync("STOP", Ct);
        await Task.Delay(TimeSpan.FromSeconds(40), Ct);
        await silo.SignalAsync("CONT", Ct);
        // It finds out that it was given up, and ends itself.
        Assert.NotEqual(0, await silo.WaitForExitAsync(Ct));
        await silo.StartAgainAsync(Ct);
        await load.AnsweredAsync(500);
    }

    private static async Task DuringAsync(List<Tally> tallies, Balancer balancer, string what, double atLeast, Func<Task> run)
    {
        var (tally, since) = (balancer.Tally = new(), Stopwatch.StartNew());
        tallies.Add(tally);
        await run();
        TestContext.Current.TestOutputHelper?.WriteLine($"{what}, in {since.Elapsed.TotalSeconds:N0} s: {tally}");
        Assert.True(tally.Share >= atLeast, $"{what}: {tally}");
    }
}
