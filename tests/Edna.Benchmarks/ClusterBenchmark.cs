using System.Diagnostics;
using System.Globalization;
using System.Net;
using Edna.Harness;

namespace Edna.Benchmarks;

/// <summary>
/// <c>cluster</c>: durable upload-URL requests with one to three silos in processes of their own and a gateway as their client, beside a gateway
/// with its silo in one process; what the second process costs; and how long the grains of a silo that was killed take to answer again.
/// All on DynamoDB Local, which shares the machine: figures of throughput are its more than EDNA's, CPU is EDNA's alone.
/// </summary>
internal static class ClusterBenchmark
{
    private const int Connections = 32;
    private const int WarmUp = 1_500;
    private const int Requests = 3_000;
    private const int Rounds = 3;
    private const int Grains = 32;

    public static async Task<int> RunAsync(string[] args)
    {
        await using var dynamo = await DynamoServer.StartAsync();
        await using var ceph = await CephServer.StartAsync();
        var (_, bucket) = await ceph.NewBucketAsync();
        var (coHosted, apart, failover) = (default(Measured), new Measured[4], TimeSpan.Zero);
        for (var silos = 0; silos <= 3; silos++)
        {
            await using var cluster = await ClusterProcesses.StartAsync(dynamo, ceph, bucket, silos);
            var measured = await MeasureAsync(cluster);
            if (silos == 0) coHosted = measured;
            else apart[silos] = measured;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{(silos == 0 ? "one process" : $"gateway + {silos} {(silos == 1 ? "silo" : "silos")}"),-18} {measured.PerSecond:F0}/s, {measured.CpuMicroseconds:F0} µs CPU a request, p99 {measured.P99:F0} ms"));
            if (silos == 3) failover = await FailOverAsync(cluster);
        }
        var embedded = await EmbeddedRatioAsync(ceph.Settings(bucket));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"cluster rps1={apart[1].PerSecond:F0} rps2={apart[2].PerSecond:F0} rps3={apart[3].PerSecond:F0} cohosted={coHosted.PerSecond:F0} "
            + $"cpu1={apart[1].CpuMicroseconds:F0} cpu2={apart[2].CpuMicroseconds:F0} cpu3={apart[3].CpuMicroseconds:F0} cpucohosted={coHosted.CpuMicroseconds:F0} "
            + $"cpuratio={apart[1].CpuMicroseconds / coHosted.CpuMicroseconds:F2} embeddedcpuratio={embedded:F2} failovers={failover.TotalSeconds:F1}"));
        return 0;
    }

    private static Task<Measured> MeasureAsync(ClusterProcesses cluster) => MeasureAsync(cluster.Gateway, () => cluster.CpuTime, Requests);

    private static async Task<Measured> MeasureAsync(Server gateway, Func<TimeSpan> cpuTime, int requests)
    {
        using (var http = gateway.NewClient(1)) (await http.PostAsJsonAsync("v1/datasets", new { name = UploadLoad.Dataset })).EnsureSuccessStatusCode();
        var load = new UploadLoad(gateway.Address);
        await load.RunAsync(gateway.Address, Connections, WarmUp);
        var rounds = new List<Measured>();
        for (var round = 0; round < Rounds; round++)
        {
            var before = cpuTime();
            var (perSecond, ms) = await load.RunAsync(gateway.Address, Connections, requests);
            rounds.Add(new(perSecond, (cpuTime() - before).TotalMicroseconds / requests, ms[(int)(0.99 * (ms.Length - 1))]));
        }
        return rounds.OrderBy(round => round.CpuMicroseconds).ElementAt(Rounds / 2);
    }

    /// <summary>The same without DynamoDB, whose client costs more than a second process: a silo on SQLite, in one process and in two.</summary>
    private static async Task<double> EmbeddedRatioAsync(Dictionary<string, string?> objects)
    {
        using var together = new TempFolder();
        using var apart = new TempFolder();
        Measured one, two;
        await using (var edna = await Server.StartEdnaAsync(together, objects)) one = await MeasureAsync(edna, () => edna.CpuTime, Requests * 3);
        var settings = new Dictionary<string, string?>(objects) { ["Edna__Cluster__SiloPort"] = $"{Ports.Free()}", ["Edna__Cluster__GatewayPort"] = $"{Ports.Free()}", ["EDNA_DATA"] = apart.At("silo") };
        await using var silo = await ChildProcess.StartAsync(["dotnet", Programs.Silo], settings, apart.Path, default);
        await using (var gateway = await Server.StartEdnaAsync(apart, new Dictionary<string, string?>(settings) { ["Edna__Silo__CoHosted"] = "false" }))
            two = await MeasureAsync(gateway, () => gateway.CpuTime + Server.CpuTimeOf(silo), Requests * 3);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"on SQLite          one process {one.PerSecond:F0}/s, {one.CpuMicroseconds:F0} µs CPU a request; two {two.PerSecond:F0}/s, {two.CpuMicroseconds:F0} µs"));
        return two.CpuMicroseconds / one.CpuMicroseconds;
    }

    /// <summary>Kills a silo; from then until the last of many grains, a third of which it had, has answered.</summary>
    private static async Task<TimeSpan> FailOverAsync(ClusterProcesses cluster)
    {
        using var http = cluster.Gateway.NewClient(Grains);
        for (var i = 0; i < Grains; i++) (await http.PostAsJsonAsync("v1/datasets", new { name = $"grain-{i}" })).EnsureSuccessStatusCode();
        await cluster.Silos[0].SignalAsync("KILL", default);
        var since = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Grains).Select(async i =>
        {
            while (true)
            {
                using var answer = await http.GetAsync($"v1/datasets/grain-{i}");
                if (answer.IsSuccessStatusCode) return;
                if (answer.StatusCode != HttpStatusCode.ServiceUnavailable) throw new InvalidOperationException($"The gateway answered {answer.StatusCode}.");
            }
        }));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"a silo of three killed: all of {Grains} grains answered again after {since.Elapsed.TotalSeconds:F1} s"));
        return since.Elapsed;
    }

    private readonly record struct Measured(double PerSecond, double CpuMicroseconds, double P99);
}
