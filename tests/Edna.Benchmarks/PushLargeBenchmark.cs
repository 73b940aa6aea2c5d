using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Edna.Client;
using Edna.Harness;
using Edna.Objects;
using Edna.Storage.S3;
using ObjectPart = Edna.Objects.ObjectPart;

namespace Edna.Benchmarks;

/// <summary>
/// <c>push-large</c>: one object of 2 GiB through EDNA to Ceph RGW by multipart (announced, parts signed, sent, completed, durable), beside
/// the same parts sent straight to RGW. <c>checked</c> is the ratio with a declared SHA-256, which RGW cannot verify: EDNA reads the object.
/// </summary>
internal static class PushLargeBenchmark
{
    private const long Size = 2L << 30;
    private const int Connections = 8;
    private const int Rounds = 3;
    private static readonly byte[] Noise = RandomNumberGenerator.GetBytes(8 << 20);

    public static async Task<int> RunAsync(string[] args)
    {
        using var folder = new TempFolder();
        await using var ceph = await CephServer.StartAsync();
        var (store, bucket) = await ceph.NewBucketAsync();
        using var ownStore = store;
        await using var edna = await Server.StartEdnaAsync(folder, ceph.Settings(bucket));
        using var client = new EdnaClient(edna.Address, Server.Key);
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = Connections, ActivityHeadersPropagator = null }) { Timeout = Timeout.InfiniteTimeSpan };
        await client.CreateDatasetAsync(new CreateDataset { Name = "large" });
        var sha256 = HashOfAll();

        await StraightAsync(store, http, 256 << 20);
        await ThroughEdnaAsync(client, http, 256 << 20, null);
        var rounds = new List<(double Edna, double Straight)>();
        for (var round = 1; round <= Rounds; round++)
        {
            var straight = await StraightAsync(store, http, Size);
            var through = await ThroughEdnaAsync(client, http, Size, null);
            rounds.Add((through, straight));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"round {round}: EDNA {through:F2} s, straight {straight:F2} s, ratio {through / straight:F3}"));
        }
        var verified = await ThroughEdnaAsync(client, http, Size, sha256);
        var median = rounds.OrderBy(r => r.Edna / r.Straight).ElementAt(Rounds / 2);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"push-large ratio={median.Edna / median.Straight:F3} checked={verified / median.Straight:F2} mbps={Size / median.Edna / 1e6:F0} straight={Size / median.Straight / 1e6:F0} rssmb={edna.ResidentBytes >> 20}"));
        return 0;
    }

    private static async Task<double> StraightAsync(S3ObjectStore store, HttpClient http, long size)
    {
        var started = Stopwatch.GetTimestamp();
        var at = new ObjectLocation(null, $"straight/{Guid.NewGuid():N}");
        var put = new ObjectPut { Size = size, ContentType = "application/octet-stream" };
        var id = await store.CreateMultipartAsync(at, put, CancellationToken.None);
        var expires = DateTimeOffset.UtcNow.AddHours(1);
        var etags = new ObjectPart[size / Noise.Length];
        await Parallel.ForAsync(0, etags.Length, new ParallelOptions { MaxDegreeOfParallelism = Connections }, async (i, ct) =>
            etags[i] = new(i + 1, await PutAsync(http, store.PresignPart(at, id, i + 1, Noise.Length, expires).Url, ct)));
        var outcome = await store.CompleteMultipartAsync(at, id, put, etags, CancellationToken.None);
        if (outcome.Result != MultipartResult.Completed) throw new InvalidOperationException($"Ceph did not complete the upload: {outcome}");
        var took = Stopwatch.GetElapsedTime(started).TotalSeconds;
        await store.DeleteAsync(null, [at.Key], CancellationToken.None);
        return took;
    }

    private static async Task<double> ThroughEdnaAsync(EdnaClient client, HttpClient http, long size, Checksum? checksum)
    {
        var started = Stopwatch.GetTimestamp();
        var plan = await client.CreateItemAsync("large", new CreateItem
        {
            Path = $"{Guid.NewGuid():N}.bin", ContentType = "application/octet-stream", Size = size, Checksum = checksum, Multipart = true,
        });
        var item = plan.Item.Id;
        var etags = new UploadedPart[plan.Upload!.PartCount!.Value];
        if (plan.Upload.PartSize != Noise.Length) throw new InvalidOperationException($"Parts have {plan.Upload.PartSize} bytes.");
        var urls = plan.Upload.Parts!.ToDictionary(p => p.PartNumber, p => p.Url);
        foreach (var more in Enumerable.Range(1, etags.Length).Where(n => !urls.ContainsKey(n)).Chunk(1_000))
            foreach (var part in (await client.SignPartsAsync("large", item, more)).Parts!) urls[part.PartNumber] = part.Url;
        await Parallel.ForAsync(0, etags.Length, new ParallelOptions { MaxDegreeOfParallelism = Connections }, async (i, ct) =>
            etags[i] = new(i + 1, await PutAsync(http, urls[i + 1], ct)));
        await CompleteAsync(client, item, etags);
        var took = Stopwatch.GetElapsedTime(started).TotalSeconds;
        await client.DeleteItemAsync("large", item, permanent: true);
        return took;
    }

    private static async Task CompleteAsync(EdnaClient client, string item, UploadedPart[] etags)
    {
        while (true)
        {
            try
            {
                var done = await client.CompleteUploadAsync("large", item, etags);
                if (done.Status != ItemStatuses.Available) throw new InvalidOperationException($"The item is {done.Status}.");
                return;
            }
            catch (EdnaException e) when (e.Code == "upload.being_verified")
            {
                // Asked again until it is.
            }
        }
    }

    private static async Task<string> PutAsync(HttpClient http, string url, CancellationToken ct)
    {
        using var body = new ByteArrayContent(Noise);
        using var answer = await http.PutAsync(url, body, ct);
        return answer.EnsureSuccessStatusCode().Headers.ETag!.Tag.Trim('"');
    }

    private static Checksum HashOfAll()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var done = 0L; done < Size; done += Noise.Length) hash.AppendData(Noise);
        return new Checksum("sha256", Convert.ToBase64String(hash.GetHashAndReset()));
    }
}
