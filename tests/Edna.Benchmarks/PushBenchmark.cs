using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Edna.Client;
using Edna.Harness;
using Edna.Objects;
using Edna.Storage.S3;

namespace Edna.Benchmarks;

/// <summary>
/// <c>push</c>: 10,000 files of 20 KB through EDNA to Ceph RGW (announced in batches, sent by signed PUTs, confirmed, durable), beside the
/// same parallel PUTs, signed here and sent straight to RGW. The bytes come from memory, their SHA-256 is declared, and RGW verifies it.
/// </summary>
internal static class PushBenchmark
{
    private const int Files = 10_000;
    private const int FileBytes = 20_000;
    private const int Connections = 16;
    private const int BatchesAtOnce = 2;
    private const int Rounds = 3;
    private static readonly byte[] Noise = RandomNumberGenerator.GetBytes(FileBytes);

    public static async Task<int> RunAsync(string[] args)
    {
        using var folder = new TempFolder();
        await using var ceph = await CephServer.StartAsync();
        var (store, bucket) = await ceph.NewBucketAsync();
        using var ownStore = store;
        await using var edna = await Server.StartEdnaAsync(folder, ceph.Settings(bucket));
        using var client = new EdnaClient(edna.Address, Server.Key);
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = Connections, ActivityHeadersPropagator = null });
        await client.CreateDatasetAsync(new CreateDataset { Name = "push" });

        await StraightAsync(store, http, "warm", Files);
        await ThroughEdnaAsync(client, http, "warm", Files);
        var rounds = new List<(double Edna, double Straight, double Cpu)>();
        for (var round = 1; round <= Rounds; round++)
        {
            var straight = await StraightAsync(store, http, $"round{round}", Files);
            var before = edna.CpuTime;
            var through = await ThroughEdnaAsync(client, http, $"round{round}", Files);
            var cpu = (edna.CpuTime - before).TotalMicroseconds / Files;
            rounds.Add((through, straight, cpu));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"round {round}: EDNA {through:F2} s, straight {straight:F2} s, ratio {through / straight:F2}, EDNA's CPU {cpu:F0} µs an item"));
        }
        var median = rounds.OrderBy(r => r.Edna / r.Straight).ElementAt(Rounds / 2);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"push ratio={median.Edna / median.Straight:F2} cpuus={median.Cpu:F0} ips={Files / median.Edna:F0} straight={Files / median.Straight:F0} rssmb={edna.ResidentBytes >> 20}"));
        return 0;
    }

    private static async Task<double> StraightAsync(S3ObjectStore store, HttpClient http, string name, int files)
    {
        var started = Stopwatch.GetTimestamp();
        var expires = DateTimeOffset.UtcNow.AddHours(1);
        await Parallel.ForAsync(0, files, new ParallelOptions { MaxDegreeOfParallelism = Connections }, async (i, ct) =>
        {
            var bytes = BytesOf(i);
            var put = new ObjectPut
            {
                Size = FileBytes, ContentType = "image/jpeg", Checksum = new() { Algorithm = "sha256", Value = Convert.ToBase64String(SHA256.HashData(bytes)) },
            };
            var signed = store.PresignPut(new ObjectLocation(null, $"straight/{name}/{i:D6}"), put, expires);
            await PutAsync(http, signed.Url, signed.Headers, bytes, ct);
        });
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task<double> ThroughEdnaAsync(EdnaClient client, HttpClient http, string name, int files)
    {
        var started = Stopwatch.GetTimestamp();
        using var sending = new SemaphoreSlim(Connections);
        await Parallel.ForEachAsync(Enumerable.Range(0, files).Chunk(EdnaClient.BatchLimit), new ParallelOptions { MaxDegreeOfParallelism = BatchesAtOnce }, async (batch, ct) =>
        {
            var plans = await client.CreateItemsAsync("push", [.. batch.Select(i => Describe(name, i))], ct);
            await Task.WhenAll(batch.Zip(plans).Select(async one =>
            {
                await sending.WaitAsync(ct);
                try
                {
                    await PutAsync(http, one.Second.Upload!.Url!, one.Second.Upload.Headers, BytesOf(one.First), ct);
                }
                finally
                {
                    sending.Release();
                }
            }));
            var confirmed = await client.CompleteItemsAsync("push", [.. plans.Select(p => p.Item!.Id)], ct);
            if (confirmed.FirstOrDefault(c => c.Item?.Status != ItemStatuses.Available) is { } bad) throw new InvalidOperationException($"An item is not available: {bad.Problem?.Text}");
        });
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static CreateItem Describe(string name, int i) => new()
    {
        Path = $"{name}/{i:D6}.jpg", ContentType = "image/jpeg", Size = FileBytes, Checksum = new Checksum("sha256", Convert.ToBase64String(SHA256.HashData(BytesOf(i)))),
    };

    private static byte[] BytesOf(int i)
    {
        var bytes = (byte[])Noise.Clone();
        BinaryPrimitives.WriteInt32LittleEndian(bytes, i);
        return bytes;
    }

    private static async Task PutAsync(HttpClient http, string url, IReadOnlyDictionary<string, string> headers, byte[] bytes, CancellationToken ct)
    {
        using var put = new HttpRequestMessage(HttpMethod.Put, url) { Content = new ByteArrayContent(bytes) };
        foreach (var (header, value) in headers)
            if (!put.Headers.TryAddWithoutValidation(header, value)) put.Content.Headers.TryAddWithoutValidation(header, value);
        using var answer = await http.SendAsync(put, ct);
        answer.EnsureSuccessStatusCode();
    }
}
