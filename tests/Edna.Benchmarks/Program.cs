using Edna.Benchmarks;

// dotnet run -c Release --project tests/Edna.Benchmarks -- NAME
var benchmarks = new Dictionary<string, Func<string[], Task<int>>>(StringComparer.Ordinal)
{
    ["presign"] = PresignBenchmark.RunAsync,
    ["upload-urls"] = UploadUrlsBenchmark.RunAsync,
    ["batch"] = BatchBenchmark.RunAsync,
    ["push"] = PushBenchmark.RunAsync,
    ["push-large"] = PushLargeBenchmark.RunAsync,
    ["import"] = ImportBenchmark.RunAsync,
    ["search"] = items => SearchBenchmark.RunAsync("search", 100_000, items),
    ["search-1m"] = items => SearchBenchmark.RunAsync("search-1m", 1_000_000, items),
    ["sweep"] = SweepBenchmark.RunAsync,
    ["start"] = StartBenchmark.RunAsync,
    ["events"] = EventsBenchmark.RunAsync,
    ["sse"] = SseBenchmark.RunAsync,
    ["index"] = IndexBenchmark.RunAsync,
    ["cluster"] = ClusterBenchmark.RunAsync,
    ["units"] = UnitsBenchmark.RunAsync,
    ["heat"] = HeatBenchmark.RunAsync,
    ["cost"] = CostBenchmark.RunAsync,
    [BareEvents.Name] = BareEvents.RunAsync,
    [BareServer.Name] = BareServer.RunAsync,
};

if (args is [var name, .. var rest] && benchmarks.TryGetValue(name, out var benchmark)) return await benchmark(rest);
await Console.Error.WriteLineAsync($"Usage: dotnet run -c Release --project tests/Edna.Benchmarks -- {string.Join('|', benchmarks.Keys.Where(k => k is not BareServer.Name and not BareEvents.Name))}");
return 2;
