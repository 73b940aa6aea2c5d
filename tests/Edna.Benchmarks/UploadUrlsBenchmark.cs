using System.Globalization;
using System.Text;
using Edna.Harness;

namespace Edna.Benchmarks;

/// <summary>
/// <c>upload-urls</c>: how many single uploads a second are announced, made durable and signed, beside a bare Kestrel endpoint that
/// takes the same requests and answers the same bytes.
/// </summary>
internal static class UploadUrlsBenchmark
{
    private const int Connections = 32;
    private const int Rounds = 3;
    private const int WarmUp = 6_000;
    private const int Requests = 15_000;

    public static async Task<int> RunAsync(string[] args)
    {
        using var folder = new TempFolder();
        await using var edna = await Server.StartEdnaAsync(folder);
        using var http = edna.NewClient(1);
        (await http.PostAsJsonAsync("v1/datasets", new { name = UploadLoad.Dataset })).EnsureSuccessStatusCode();
        var answer = await RecordAsync(http);
        await using var bare = await Server.StartBareAsync(folder, answer);

        var load = new UploadLoad(edna.Address);
        await load.RunAsync(edna.Address, Connections, WarmUp);
        await load.RunAsync(bare.Address, Connections, WarmUp);
        var cpu = edna.CpuTime;
        var rounds = new List<(double Rps, double Bare, double[] Ms)>();
        for (var round = 1; round <= Rounds; round++)
        {
            var (bareRps, _) = await load.RunAsync(bare.Address, Connections, Requests);
            var (rps, ms) = await load.RunAsync(edna.Address, Connections, Requests);
            rounds.Add((rps, bareRps, ms));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"round {round}: EDNA {rps:F0}/s, bare {bareRps:F0}/s, p50 {At(ms, 0.5):F1} ms, p99 {At(ms, 0.99):F1} ms"));
        }
        var cpuMicroseconds = (edna.CpuTime - cpu).TotalMicroseconds / (Rounds * Requests);
        var median = rounds.OrderBy(r => r.Rps / r.Bare).ElementAt(Rounds / 2);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"upload-urls rps={median.Rps:F0} bare={median.Bare:F0} ratio={median.Rps / median.Bare:F3} p50ms={At(median.Ms, 0.5):F2} p99ms={At(median.Ms, 0.99):F2} rssmb={edna.ResidentBytes >> 20} cpuus={cpuMicroseconds:F0}"));
        return 0;
    }

    private static async Task<RecordedAnswer> RecordAsync(HttpClient http)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"v1/datasets/{UploadLoad.Dataset}/items")
        {
            Content = new StringContent(UploadLoad.Body("recorded0"), Encoding.UTF8, "application/json"),
        };
        return await RecordedAnswer.RecordAsync(http, request);
    }

    private static double At(double[] sorted, double share) => sorted[(int)(share * (sorted.Length - 1))];
}
