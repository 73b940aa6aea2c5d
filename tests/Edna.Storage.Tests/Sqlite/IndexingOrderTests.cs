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

/// <summary>
/// The index forgets an item with its purge, and would take in an older document that came after it. So none may come: the indexer
/// has one push under way, and reads the rows of the next one after it.
/// </summary>
[Collection("indexers: a process has one measure of their lag")]
public sealed class IndexingOrderTests
{
    [Fact(Timeout = 60_000)]
    public async Task What_was_purged_while_an_older_revision_was_on_its_way_is_pushed_after_it()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var host = new SqliteItemTableHost();
        using var index = new RecordedIndex();
        using var indexer = new SearchIndexer(host.Table, index, TimeProvider.System, NullLogger<SearchIndexer>.Instance);
        await host.Table.PutAsync(ItemRow(1, ItemStatus.Available));
        await indexer.StartAsync(ct);
        await index.NextAsync(ct);
        await host.Table.PutAsync(ItemRow(2, ItemStatus.Purged));
        indexer.Enqueue(Row("a").Key.Shard);
        Assert.False(await index.BeginsWithinAsync(TimeSpan.FromMilliseconds(300), ct), "A push began while another was under way.");
        index.Answer(null);
        await index.NextAsync(ct);
        index.Answer(null);
        await indexer.StopAsync(ct);
        Assert.Equal(["1 begins", "1 ends", "2 begins", "2 ends"], index.Events);
    }

    [Fact(Timeout = 60_000)]
    public async Task After_a_push_that_failed_the_rows_are_read_again()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var host = new SqliteItemTableHost();
        using var index = new RecordedIndex();
        using var indexer = new SearchIndexer(host.Table, index, TimeProvider.System, NullLogger<SearchIndexer>.Instance);
        await host.Table.PutAsync(ItemRow(1, ItemStatus.Available));
        await indexer.StartAsync(ct);
        await index.NextAsync(ct);
        await host.Table.PutAsync(ItemRow(2, ItemStatus.Purged));
        index.Answer(new UnavailableException("The search index"));
        await index.NextAsync(ct);
        index.Answer(null);
        await indexer.StopAsync(ct);
        Assert.Equal(["1 begins", "1 fails", "2 begins", "2 ends"], index.Events);
    }

    /// <summary>A row with the body that the indexer reads.</summary>
    private static ItemRow ItemRow(long revision, ItemStatus status) => Row("a", revision, status) with
    {
        Body = JsonSerializer.SerializeToUtf8Bytes(new ItemState
        {
            Path = "a", Status = status, Revision = revision, ContentType = "image/jpeg", CreatedAt = Noon, CreatedBy = "ann", UpdatedAt = Noon,
        }, JsonSerializerOptions.Web),
    };

    /// <summary>Notes what is pushed, and answers when the test says so.</summary>
    private sealed class RecordedIndex : ISearchIndex, IDisposable
    {
        private readonly SemaphoreSlim _begun = new(0);
        private readonly SemaphoreSlim _answered = new(0);
        private Exception? _answer;

        public List<string> Events { get; } = [];

        public Task NextAsync(CancellationToken ct) => _begun.WaitAsync(ct);

        public Task<bool> BeginsWithinAsync(TimeSpan time, CancellationToken ct) => _begun.WaitAsync(time, ct);

        public void Answer(Exception? fault)
        {
            _answer = fault;
            _answered.Release();
        }

        public async Task<IReadOnlyList<RefusedPush>> PushAsync(IReadOnlyList<SearchDocument> documents, CancellationToken ct)
        {
            var revision = Assert.Single(documents).Revision;
            Note($"{revision} begins");
            _begun.Release();
            await _answered.WaitAsync(ct);
            Note($"{revision} {(_answer is null ? "ends" : "fails")}");
            return _answer is null ? [] : throw _answer;
        }

        public ValueTask<string> GetGenerationAsync(CancellationToken ct) => new("g");

        public Task RemoveDatasetAsync(DatasetKey dataset, CancellationToken ct) => throw new NotSupportedException();

        public ValueTask<SearchHits> SearchAsync(ParsedSearch search, CancellationToken ct) => throw new NotSupportedException();

        public ValueTask<(IReadOnlyDictionary<ItemStatus, long> Items, long Bytes)> CountAsync(DatasetKey dataset, CancellationToken ct) =>
            throw new NotSupportedException();

        public ValueTask CheckAsync(CancellationToken ct) => throw new NotSupportedException();

        public void Dispose()
        {
            _begun.Dispose();
            _answered.Dispose();
        }

        private void Note(FormattableString what)
        {
            lock (Events) Events.Add(FormattableString.Invariant(what));
        }
    }
}
