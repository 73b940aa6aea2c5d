using System.Diagnostics;
using System.Globalization;
using Edna.Hosting;
using Edna.Items;
using Edna.Search;
using Edna.Search.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Edna.Benchmarks;

/// <summary>
/// Searches over many items, straight at the embedded index: a word or two, two filters and two facets. The baseline is a full
/// scan of the same documents in memory, which is what a program without an index would do. <c>search</c> does so over 100,000 items,
/// <c>search-1m</c> over 1,000,000; a number after the name takes so many. Deep pages are those from the 200th on of one long result.
/// </summary>
public static class SearchBenchmark
{
    private const int Queries = 1_000;
    private const int Scans = 20;
    private const int Batch = 1_000;
    private const int PagesBefore = 200;
    private const int PagesMeasured = 50;

    /// <summary>Runs it.</summary>
    /// <param name="name">What it prints itself as.</param>
    /// <param name="count">Items, unless <paramref name="args"/> tells.</param>
    /// <param name="args">Items.</param>
    public static async Task<int> RunAsync(string name, int count, string[] args)
    {
        var items = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : count;
        var directory = new DataDirectory(Directory.CreateTempSubdirectory("edna-bench-").FullName);
        try
        {
            var documents = new SearchBenchmarkData(seed: 1).Documents(items);
            await using var database = new SearchDatabase(directory, new(), NullLogger<SearchDatabase>.Instance);
            var index = new SqliteSearchIndex(database);
            var pushMicroseconds = await PushAsync(index, documents);
            var searches = await SearchAsync(index, new SearchBenchmarkData(seed: 2));
            var scans = Scan(documents, new SearchBenchmarkData(seed: 2));
            var (first, deep) = await PagesAsync(index);
            var bytes = Directory.GetFiles(directory.Path, "search.db*").Sum(file => new FileInfo(file).Length) / items;
            Report(name, items, searches, scans, (first, deep), bytes, pushMicroseconds);
            return 0;
        }
        finally
        {
            Directory.Delete(directory.Path, recursive: true);
        }
    }

    /// <summary>Fills the index; processor time for each item, in µs.</summary>
    private static async Task<double> PushAsync(SqliteSearchIndex index, SearchDocument[] documents)
    {
        var before = Process.GetCurrentProcess().TotalProcessorTime;
        foreach (var batch in documents.Chunk(Batch)) await index.PushAsync(batch, CancellationToken.None);
        return (Process.GetCurrentProcess().TotalProcessorTime - before).TotalMicroseconds / documents.Length;
    }

    private static async Task<double[]> SearchAsync(SqliteSearchIndex index, SearchBenchmarkData data)
    {
        for (var i = 0; i < 20; i++) await SearchAsync(index, data.Request());
        var took = new double[Queries];
        for (var i = 0; i < Queries; i++)
        {
            var request = data.Request();
            var start = Stopwatch.GetTimestamp();
            await SearchAsync(index, request);
            took[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
        Array.Sort(took);
        return took;
    }

    /// <summary>Goes through one long result, page by page: the median of the first pages, each asked for several times, and of deep ones.</summary>
    private static async Task<(double First, double Deep)> PagesAsync(SqliteSearchIndex index)
    {
        var request = new SearchRequest { Query = "jpg", Filter = new() { Status = [ItemStatus.Available] }, Sort = "path", Limit = 100 };
        var (first, deep) = (new double[PagesMeasured], new double[PagesMeasured]);
        for (var i = 0; i < PagesMeasured; i++) (first[i], _) = await TimeAsync(index, request);
        for (var i = -PagesBefore; i < PagesMeasured; i++)
        {
            var (took, hits) = await TimeAsync(index, request);
            if (i >= 0) deep[i] = took;
            request = request with { Cursor = hits.NextCursor };
            if (hits.NextCursor is null) break;
        }
        Array.Sort(first);
        Array.Sort(deep);
        return (At(first, 0.5), At(deep, 0.5));
    }

    private static async Task<(double Milliseconds, SearchHits Hits)> TimeAsync(SqliteSearchIndex index, SearchRequest request)
    {
        var start = Stopwatch.GetTimestamp();
        var hits = await SearchAsync(index, request);
        return (Stopwatch.GetElapsedTime(start).TotalMilliseconds, hits);
    }

    /// <summary>What the service does for a request: reads the text, then asks the index.</summary>
    private static ValueTask<SearchHits> SearchAsync(SqliteSearchIndex index, SearchRequest request) =>
        index.SearchAsync(ParsedSearch.Of("default", request).Value!, CancellationToken.None);

    private static double[] Scan(SearchDocument[] documents, SearchBenchmarkData data)
    {
        var took = new double[Scans];
        for (var i = 0; i < Scans; i++)
        {
            var request = data.Request();
            var start = Stopwatch.GetTimestamp();
            ScanOnce(documents, request);
            took[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
        Array.Sort(took);
        return took;
    }

    private static int ScanOnce(SearchDocument[] documents, SearchRequest request)
    {
        var words = request.Query!.Split(' ');
        var filter = request.Filter!;
        var hits = documents.Where(document => document.Status != ItemStatus.Trashed
            && filter.Tags!.All(tag => document.Tags.TryGetValue(tag.Key, out var value) && value == tag.Value)
            && (filter.Split is null || filter.Split.Contains(document.Split))
            && (filter.Labels is null || filter.Labels.All(document.LabelClasses.Contains))
            && words.All(word => document.Path.Contains(word, StringComparison.OrdinalIgnoreCase)
                || document.LabelClasses.Any(label => label.Contains(word, StringComparison.OrdinalIgnoreCase))
                || document.Metadata.Any(field => field.Value.Contains(word, StringComparison.OrdinalIgnoreCase)))).ToList();
        var labels = hits.SelectMany(document => document.LabelClasses).CountBy(label => label).OrderByDescending(pair => pair.Value).ToList();
        var species = hits.CountBy(document => document.Tags["species"]).OrderByDescending(pair => pair.Value).ToList();
        return hits.OrderBy(document => document.Path, StringComparer.Ordinal).Take(100).Count() + labels.Count + species.Count;
    }

    private static void Report(
        string name, int items, double[] searches, double[] scans, (double First, double Deep) pages, long bytes, double pushMicroseconds)
    {
        var (p50, p99, scan) = (At(searches, 0.50), At(searches, 0.99), At(scans, 0.50));
        var culture = CultureInfo.InvariantCulture;
        Console.WriteLine(string.Create(culture, $"{items:n0} items, {Queries:n0} searches of text + two filters + two facets"));
        Console.WriteLine(string.Create(culture, $"  {"index",-24} p50 {p50,8:f2} ms   p99 {p99,8:f2} ms   worst {searches[^1],8:f2} ms"));
        Console.WriteLine(string.Create(culture, $"  {"scan of memory (LINQ)",-24} p50 {scan,8:f2} ms   index is {scan / p50:f1} times as fast"));
        Console.WriteLine(string.Create(culture, $"  {"a page of 100",-24} first {pages.First,6:f2} ms   deep {pages.Deep,7:f2} ms"));
        Console.WriteLine(string.Create(culture, $"  {"size",-24} {bytes,8:n0} bytes an item"));
        Console.WriteLine(string.Create(culture, $"  {"push",-24} {pushMicroseconds,8:f1} µs of processor an item"));
        Console.WriteLine(string.Create(culture, $"{name} p99ms={p99:f2} p50ms={p50:f2} scanms={scan:f2} deepms={pages.Deep:f2} firstms={pages.First:f2} bytes={bytes} pushus={pushMicroseconds:f1}"));
    }

    private static double At(double[] sorted, double part) => sorted[(int)(part * (sorted.Length - 1))];
}
