using System.Diagnostics;
using System.Globalization;
using Edna.Changes;
using Edna.Hosting;
using Edna.Items;
using Edna.Keys;
using Edna.Search;
using Edna.Storage.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Edna.Benchmarks;

/// <summary>
/// <c>index</c>: the indexer between the item table and an index, all in this process. <c>cps</c>: changes a second from the first write
/// until the last is in the index, written as fast as the table takes them; <c>lagms</c>: at a steady pace, how old the oldest row is that
/// waits for the index, at the 99th percentile of samples; <c>catchups</c>: seconds to take in dirty rows that a stopped indexer left.
/// The baseline, in the same run: the same documents pushed straight to an index like it. Arguments: changes, changes a second, seconds, dirty rows,
/// target (embedded; fake: the fake search server, which holds everything against the published description; bare: one that does not look); default 100000 1000 20
/// 100000 embedded.
/// </summary>
internal static class IndexBenchmark
{
    private const int Batch = 1_000;
    private const int BatchesASecond = 10;
    private static readonly DatasetKey Dataset = new("default", "indexed");
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    public static async Task<int> RunAsync(string[] args)
    {
        var (changes, rate, seconds, dirty) = (Number(args, 0, 100_000), Number(args, 1, 1_000), Number(args, 2, 20), Number(args, 3, 100_000));
        var target = args.Length > 4 ? args[4] : "embedded";
        var directory = new DataDirectory(Directory.CreateTempSubdirectory("edna-bench-").FullName);
        try
        {
            var baseline = await PushStraightAsync(target, changes);
            await using var database = new StateDatabase(directory, new(), NullLogger<StateDatabase>.Instance);
            var table = new SqliteItemTable(database);
            var made = await IndexTarget.All[target](directory);
            await using var closes = made.Closes;

            double cps, catchUp;
            double[] lags;
            using (var indexer = Indexer(table, made.Index))
            {
                await indexer.StartAsync(CancellationToken.None);
                cps = await WriteAndWaitAsync(table, indexer, "fast", changes);
                lags = await PacedAsync(table, indexer, rate, seconds);
                await indexer.StopAsync(CancellationToken.None);
            }
            await WriteAsync(table, null, "dirty", 0, dirty);
            using (var indexer = Indexer(table, made.Index))
            {
                var started = Stopwatch.GetTimestamp();
                await indexer.StartAsync(CancellationToken.None);
                await UntilCleanAsync(table);
                catchUp = Stopwatch.GetElapsedTime(started).TotalSeconds;
                await indexer.StopAsync(CancellationToken.None);
            }
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"index cps={cps:F0} lagms={At(lags, 0.99):F0} lagp50ms={At(lags, 0.5):F0} catchups={catchUp:F1} straight={baseline:F0} ratio={cps / baseline:F3} changes={changes} rate={rate} dirty={dirty} target={target}"));
            return 0;
        }
        finally
        {
            Directory.Delete(directory.Path, recursive: true);
        }
    }

    /// <summary>The same documents, straight to an index of its own, each durable; a second.</summary>
    private static async Task<double> PushStraightAsync(string target, int changes)
    {
        var directory = new DataDirectory(Directory.CreateTempSubdirectory("edna-bench-").FullName);
        try
        {
            var made = await IndexTarget.All[target](directory);
            await using var closes = made.Closes;
            var documents = Enumerable.Range(0, changes).Select(i => SearchDocuments.Of(RowOf("fast", i))).ToArray();
            var started = Stopwatch.GetTimestamp();
            foreach (var batch in documents.Chunk(2 * Batch)) await made.Index.PushAsync(batch, CancellationToken.None);
            return changes / Stopwatch.GetElapsedTime(started).TotalSeconds;
        }
        finally
        {
            Directory.Delete(directory.Path, recursive: true);
        }
    }

    private static SearchIndexer Indexer(IItemTable table, ISearchIndex index) => new(table, index, TimeProvider.System, NullLogger<SearchIndexer>.Instance);

    private static async Task<double> WriteAndWaitAsync(IItemTable table, SearchIndexer indexer, string prefix, int count)
    {
        var started = Stopwatch.GetTimestamp();
        await WriteAsync(table, indexer, prefix, 0, count);
        await UntilCleanAsync(table);
        return count / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task<double[]> PacedAsync(IItemTable table, SearchIndexer indexer, int rate, int seconds)
    {
        var each = Math.Max(1, rate / BatchesASecond);
        using var ends = new CancellationTokenSource();
        var sampling = SampleAsync(table, ends.Token);
        using var pace = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / BatchesASecond));
        for (var i = 0; i < seconds * BatchesASecond; i++)
        {
            await pace.WaitForNextTickAsync();
            await WriteAsync(table, indexer, "paced", i * each, each);
        }
        await UntilCleanAsync(table);
        await ends.CancelAsync();
        return await sampling;
    }

    /// <summary>How old the oldest row that waits is, looked at again and again, in milliseconds; in order of size.</summary>
    private static async Task<double[]> SampleAsync(IItemTable table, CancellationToken ct)
    {
        var lags = new List<double>();
        while (!ct.IsCancellationRequested)
        {
            var oldest = await table.OldestDirtyAsync(Dataset, CancellationToken.None);
            lags.Add(oldest is { } at ? (TimeProvider.System.GetUtcNow() - at).TotalMilliseconds : 0);
            await Task.Delay(Look, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        return [.. lags.Order()];
    }

    /// <summary>Writes new rows, and tells the indexer as the feeds do.</summary>
    private static async Task WriteAsync(IItemTable table, SearchIndexer? indexer, string prefix, int first, int count)
    {
        for (var done = 0; done < count; done += Batch)
        {
            var rows = Enumerable.Range(first + done, Math.Min(Batch, count - done)).Select(i => RowOf(prefix, i)).ToArray();
            await table.InsertManyAsync([.. rows.Select(r => (r, new NewChange(ChangeKind.Created, r.UpdatedAt, "bench")))], CancellationToken.None);
            if (indexer is null) continue;
            foreach (var shard in rows.Select(r => r.Key.Shard).Distinct()) indexer.Enqueue(shard);
        }
    }

    private static async Task UntilCleanAsync(IItemTable table)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (await table.OldestDirtyAsync(Dataset, patience.Token) is not null) await Task.Delay(Look, patience.Token);
    }

    private static ItemRow RowOf(string prefix, int i)
    {
        var (path, now) = (string.Create(CultureInfo.InvariantCulture, $"{prefix}/berlin/IMG_{i:d7}.jpg"), TimeProvider.System.GetUtcNow());
        return ItemView.RowOf(new(Dataset, ItemId.FromPath(path)), new ItemState
        {
            Path = path, Status = ItemStatus.Available, Revision = 1, ContentType = "image/jpeg", Size = 100_000 + i, CreatedAt = now, CreatedBy = "bench", UpdatedAt = now,
            Split = "train", Tags = new Dictionary<string, string> { ["species"] = i % 2 == 0 ? "cat" : "dog", ["weather"] = "sunny" },
        });
    }

    private static int Number(string[] args, int at, int otherwise) => args.Length > at ? int.Parse(args[at], CultureInfo.InvariantCulture) : otherwise;

    private static double At(double[] sorted, double part) => sorted[(int)(part * (sorted.Length - 1))];
}
