using System.Diagnostics.Metrics;
using System.Reflection;
using System.Text.Json;
using Edna.Compliance.Items;
using Edna.Items;
using Edna.Keys;
using Edna.Results;
using Edna.Search;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;
using static Edna.Compliance.Items.TestRows;

namespace Edna.Storage.Tests.Sqlite;

/// <summary>The indexer after an outage, a pause, and with documents that the index does not take.</summary>
[Collection("indexers: a process has one measure of their lag")]
public sealed class CatchingUpTests
{
    private const int Clean = 4_000;
    private const int Dirty = 300;

    private static readonly string[] ReadsOfTheOutbox =
        [nameof(IItemTable.ReadIndexGenerationAsync), nameof(IItemTable.ListDirtyShardsAsync), nameof(IItemTable.ReadDirtyAsync), nameof(IItemTable.MarkIndexedAsync)];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Timeout = 60_000)]
    public async Task After_an_outage_it_reads_the_dirty_rows_and_no_others()
    {
        await using var host = new SqliteItemTableHost();
        await FillAsync(host.Table);
        var (counted, index) = (Counting(host.Table), new ScriptedIndex { Fault = _ => new UnavailableException("The search index") });
        using var indexer = new SearchIndexer(counted.Table, index, TimeProvider.System, NullLogger<SearchIndexer>.Instance);
        await indexer.StartAsync(TestContext.Current.CancellationToken);
        await UntilAsync(() => index.Tries >= 2);
        Assert.Empty(indexer.Refused);
        Assert.True(indexer.Lag > TimeSpan.FromDays(1), $"{indexer.Lag} does not tell of rows that were written long ago.");
        index.Fault = _ => null;
        await UntilAsync(async () => (await host.Table.ListDirtyShardsAsync(Ct)).Count == 0);
        await UntilAsync(() => indexer.Lag == TimeSpan.Zero);
        await indexer.StopAsync(Ct);
        Assert.Equal(Enumerable.Range(0, Dirty).Select(i => $"dirty/{i}").Order(StringComparer.Ordinal), index.Taken.Select(d => d.Path).Order(StringComparer.Ordinal));
        Assert.All(counted.Calls, call => Assert.Contains(call, ReadsOfTheOutbox));
    }

    [Fact(Timeout = 60_000)]
    public async Task While_it_is_paused_rows_wait_and_then_all_of_them_are_pushed()
    {
        await using var host = new SqliteItemTableHost();
        var index = new ScriptedIndex();
        using var indexer = new SearchIndexer(host.Table, index, TimeProvider.System, NullLogger<SearchIndexer>.Instance);
        indexer.Pause();
        indexer.Pause();
        await FillAsync(host.Table);
        await indexer.StartAsync(TestContext.Current.CancellationToken);
        await UntilAsync(() => indexer.Lag > TimeSpan.FromMilliseconds(300));
        Assert.Equal((0, true), (index.Tries, indexer.IsPaused));
        var measured = Measure("edna.search.lag");
        Assert.InRange(measured, 0.3, 60);
        indexer.Resume();
        indexer.Resume();
        await UntilAsync(async () => (await host.Table.ListDirtyShardsAsync(Ct)).Count == 0);
        await indexer.StopAsync(Ct);
        Assert.Equal(Dirty, index.Taken.Count);
        Assert.False(indexer.IsPaused);
    }

    /// <summary>Whether the whole push fails by it or the index names it.</summary>
    [Theory(Timeout = 60_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_document_that_the_index_does_not_take_is_told_of_and_keeps_no_other_waiting_until_it_is_written_again(bool fails)
    {
        static bool IsOdd(SearchDocument document) => document.Path is "dirty/7" or "dirty/250" && document.Revision == 2;
        await using var host = new SqliteItemTableHost();
        await FillAsync(host.Table);
        var index = fails
            ? new ScriptedIndex { Fault = pushed => pushed.Any(IsOdd) ? new ArgumentException("It is too odd.") : null }
            : new ScriptedIndex { Refuses = IsOdd };
        using var indexer = new SearchIndexer(host.Table, index, TimeProvider.System, NullLogger<SearchIndexer>.Instance);
        await indexer.StartAsync(TestContext.Current.CancellationToken);
        await UntilAsync(() => index.Taken.Count == Dirty - 2 && indexer.Refused.Count == 2);
        Assert.Equal([KeyOf("dirty/250"), KeyOf("dirty/7")], indexer.Refused.Select(r => r.Item).OrderBy(k => k == KeyOf("dirty/7")));
        Assert.All(indexer.Refused, r => Assert.Equal((2, "It is too odd."), (r.Revision, r.Reason)));
        Assert.Equal(2, Measure("edna.search.refused"));
        var tries = index.Tries;
        await host.Table.PutAsync(RowOf("dirty/7", 3));
        await host.Table.PutAsync(RowOf("other", 1));
        foreach (var shard in await host.Table.ListDirtyShardsAsync(Ct)) indexer.Enqueue(shard);
        await UntilAsync(() => index.Taken.Any(d => d is { Path: "dirty/7", Revision: 3 }) && index.Taken.Any(d => d.Path == "other"));
        Assert.True(index.Tries <= tries + 2, "What was refused was pushed again.");
        // Taken is not yet noted: a stop between the two leaves the row to be pushed again.
        await UntilAsync(async () => (await DirtyAsync(host.Table)).Count == 1);
        Assert.Equal(KeyOf("dirty/250"), Assert.Single(indexer.Refused).Item);
        await indexer.StopAsync(Ct);
        Assert.Single(await DirtyAsync(host.Table));
    }

    /// <summary>
    /// As items that were purged and made again, while a server remembers the purged ones. 1,200 of one shard are more than are noted one
    /// by one: they keep their own shard waiting, and no other.
    /// </summary>
    [Theory(Timeout = 60_000)]
    [InlineData(300, true)]
    [InlineData(1_200, false)]
    public async Task Rows_that_the_index_does_not_take_yet_keep_no_other_waiting_and_are_tried_again_until_it_does(int again, bool inTheSameShard)
    {
        await using var host = new SqliteItemTableHost();
        var shard = Row("other").Key.Shard;
        var paths = Enumerable.Range(0, int.MaxValue).Select(i => $"again/{i}").Where(path => Row(path).Key.Shard == shard).Take(again).ToList();
        var (forgotten, tries) = (false, new List<long>());
        var index = new ScriptedIndex
        {
            Postpones = d => d.Path.StartsWith("again/", StringComparison.Ordinal) && !Volatile.Read(ref forgotten),
            Pushed = pushed => { if (pushed.Any(d => d.Path == paths[0])) lock (tries) tries.Add(TimeProvider.System.GetTimestamp()); },
        };
        await host.Table.InsertManyAsync([.. paths.Select(path => (RowOf(path, 1), Created))], Ct);
        await host.Table.MarkAllDirtyAsync("g", Ct);
        using var indexer = new SearchIndexer(host.Table, index, TimeProvider.System, NullLogger<SearchIndexer>.Instance);
        await indexer.StartAsync(TestContext.Current.CancellationToken);
        await UntilAsync(() => Measure("edna.search.postponed") >= Math.Min(again, 1_000));
        var others = Enumerable.Range(0, int.MaxValue).Select(i => $"other/{i}").Where(path => (Row(path).Key.Shard == shard) == inTheSameShard).Take(5).ToList();
        await host.Table.InsertManyAsync([.. others.Select(path => (RowOf(path, 1), Created))], Ct);
        foreach (var other in others) indexer.Enqueue(Row(other).Key.Shard);
        await UntilAsync(() => index.Taken.Count == others.Count);
        Assert.Equal(others.Order(StringComparer.Ordinal), index.Taken.Select(d => d.Path).Order(StringComparer.Ordinal));
        Assert.Equal(again, (await host.Table.ReadDirtyAsync(shard, 2 * again, Ct)).Count(row => row.Path.StartsWith("again/", StringComparison.Ordinal)));
        await UntilAsync(() => { lock (tries) return tries.Count >= 2; });
        Volatile.Write(ref forgotten, true);
        await UntilAsync(async () => (await host.Table.ListDirtyShardsAsync(Ct)).Count == 0);
        await indexer.StopAsync(Ct);
        Assert.Equal(again + others.Count, index.Taken.Count);
        Assert.Empty(indexer.Refused);
        Assert.Equal(0, Measure("edna.search.postponed"));
        Assert.All(tries.Zip(tries.Skip(1)), pair => Assert.True(TimeProvider.System.GetElapsedTime(pair.First, pair.Second) > TimeSpan.FromMilliseconds(900), "It was tried again at once."));
    }

    /// <summary>Rows that the index has, and rows whose second revision it has not.</summary>
    private static async Task FillAsync(IItemTable table)
    {
        var rows = Enumerable.Range(0, Clean).Select(i => RowOf($"clean/{i}", 1)).Concat(Enumerable.Range(0, Dirty).Select(i => RowOf($"dirty/{i}", 1))).ToList();
        await table.InsertManyAsync([.. rows.Select(r => (r, Created))], Ct);
        await table.MarkAllDirtyAsync("g", Ct);
        await table.MarkIndexedAsync([.. rows.Select(r => (r.Key, 1L))], Ct);
        await table.WriteManyAsync([.. Enumerable.Range(0, Dirty).Select(i => new ItemWrite(RowOf($"dirty/{i}", 2), 1, Created))], Ct);
    }

    private static async Task<List<ItemRow>> DirtyAsync(IItemTable table)
    {
        var rows = new List<ItemRow>();
        foreach (var shard in await table.ListDirtyShardsAsync(Ct)) rows.AddRange(await table.ReadDirtyAsync(shard, 100, Ct));
        return rows;
    }

    private static ItemKey KeyOf(string path) => Row(path).Key;

    private static ItemRow RowOf(string path, long revision) => Row(path, revision) with
    {
        Body = JsonSerializer.SerializeToUtf8Bytes(new ItemState
        {
            Path = path, Status = ItemStatus.Available, Revision = revision, ContentType = "image/jpeg", CreatedAt = Noon, CreatedBy = "ann", UpdatedAt = Noon,
        }, JsonSerializerOptions.Web),
    };

    /// <summary>The largest value of an instrument over the indexers of this process.</summary>
    private static double Measure(string instrument)
    {
        var largest = 0.0;
        using var listener = new MeterListener { InstrumentPublished = (i, l) => { if (i.Name == instrument) l.EnableMeasurementEvents(i); } };
        listener.SetMeasurementEventCallback<double>((_, value, _, _) => largest = Math.Max(largest, value));
        listener.SetMeasurementEventCallback<int>((_, value, _, _) => largest = Math.Max(largest, value));
        listener.Start();
        listener.RecordObservableInstruments();
        return largest;
    }

    private static Task UntilAsync(Func<bool> reached) => UntilAsync(() => Task.FromResult(reached()));

    private static async Task UntilAsync(Func<Task<bool>> reached)
    {
        while (!await reached()) await Task.Delay(10, Ct);
    }

    private static (IItemTable Table, IReadOnlyCollection<string> Calls) Counting(IItemTable table)
    {
        var proxy = DispatchProxy.Create<IItemTable, Counter>();
        ((Counter)(object)proxy).Inner = table;
        return (proxy, ((Counter)(object)proxy).Calls);
    }

    /// <summary>Notes what is asked of a table.</summary>
    public class Counter : DispatchProxy
    {
        internal IItemTable Inner { get; set; } = null!;

        internal System.Collections.Concurrent.ConcurrentBag<string> Calls { get; } = [];

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            Calls.Add(targetMethod!.Name);
            return targetMethod.Invoke(Inner, args);
        }
    }

    /// <summary>Takes documents in, or fails as it is told.</summary>
    private sealed class ScriptedIndex : ISearchIndex
    {
        private readonly List<SearchDocument> _taken = [];
        private int _tries;

        public Func<IReadOnlyList<SearchDocument>, Exception?> Fault { get; set; } = _ => null;

        public Func<SearchDocument, bool> Refuses { get; init; } = _ => false;

        public Func<SearchDocument, bool> Postpones { get; init; } = _ => false;

        public Action<IReadOnlyList<SearchDocument>> Pushed { get; init; } = _ => { };

        public int Tries => Volatile.Read(ref _tries);

        public IReadOnlyList<SearchDocument> Taken
        {
            get
            {
                lock (_taken) return [.. _taken];
            }
        }

        public Task<IReadOnlyList<RefusedPush>> PushAsync(IReadOnlyList<SearchDocument> documents, CancellationToken ct)
        {
            Interlocked.Increment(ref _tries);
            Pushed(documents);
            if (Fault(documents) is { } fault) return Task.FromException<IReadOnlyList<RefusedPush>>(fault);
            var refused = documents.Where(d => Refuses(d)).Select(d => new RefusedPush(d.Key, d.Revision, "It is too odd.")).ToList();
            refused.AddRange(documents.Where(d => Postpones(d)).Select(d => new RefusedPush(d.Key, d.Revision, "It was removed moments ago.", RefusalKind.NotYet)));
            lock (_taken) _taken.AddRange(documents.Where(d => refused.TrueForAll(r => r.Item != d.Key)));
            return Task.FromResult<IReadOnlyList<RefusedPush>>(refused);
        }

        public ValueTask<string> GetGenerationAsync(CancellationToken ct) => new("g");

        public Task RemoveDatasetAsync(DatasetKey dataset, CancellationToken ct) => throw new NotSupportedException();

        public ValueTask<SearchHits> SearchAsync(ParsedSearch search, CancellationToken ct) => throw new NotSupportedException();

        public ValueTask<(IReadOnlyDictionary<ItemStatus, long> Items, long Bytes)> CountAsync(DatasetKey dataset, CancellationToken ct) =>
            throw new NotSupportedException();

        public ValueTask CheckAsync(CancellationToken ct) => throw new NotSupportedException();
    }
}
