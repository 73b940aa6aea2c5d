using Amazon.DynamoDBv2.Model;
using Edna.Compliance.Items;
using Edna.Items;
using Edna.Results;
using Edna.Storage.Rows;
using Xunit;
using static Edna.Compliance.Items.TestRows;

namespace Edna.Storage.Tests.Dynamo;

/// <summary>
/// A process dies at each call of an operation in turn, before the call arrives or after it. What another process finds is what the table
/// promises, and it can do the same again. One of both by lot; with <c>./test.sh --soak</c> both.
/// </summary>
public sealed class KilledDynamoTests
{
    private static readonly Dictionary<string, Func<IItemTable, Task>> s_operations = new()
    {
        ["write many"] = table => table.InsertManyAsync([.. Enumerable.Range(0, 9).Select(n => (Row($"new{n:d2}"), Created))], Ct),
        ["write"] = table => table.WriteManyAsync([new(Row("p1", 2), 1, Created)], Ct),
        ["forget"] = table => table.TrimChangesAsync(Pets, Noon.AddDays(1), 5, Ct),
        ["remove"] = table => table.RemoveDatasetAsync(Pets, Noon, Ct),
        ["end watch"] = table => table.EndWatchAsync(Row("watched", status: ItemStatus.Purged), Ct),
        ["mark"] = table => table.MarkIndexedAsync([(Row("watched").Key, 1), (Row("purged").Key, 1), (Row("p1").Key, 1)], Ct),
        ["mark all dirty"] = table => table.MarkAllDirtyAsync("g", Ct),
    };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string> Operations => [.. s_operations.Keys];

    [Theory(Timeout = 240_000)]
    [MemberData(nameof(Operations))]
    public async Task Killed_at_any_call_another_finds_the_table_sound_and_finishes(string operation)
    {
        for (var (at, finished) = (0, false); !finished; at += operation is "remove" or "mark all dirty" ? 7 : 1)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            finished = true;
            DynamoFaultKind[] kinds = [DynamoFaultKind.Lost, DynamoFaultKind.AnswerLost];
            foreach (var kind in DynamoItemTableTests.IsSoak ? kinds : Random.Shared.GetItems(kinds, 1))
                finished &= await RunAsync(s_operations[operation], operation, at, kind);
            Assert.InRange(at, 0, 400);
        }
    }

    /// <summary>Whether it was finished before it came to the call at which it was to die.</summary>
    private static async Task<bool> RunAsync(Func<IItemTable, Task> operation, string name, int at, DynamoFaultKind kind)
    {
        await using var host = await DynamoItemTableHost.StartAsync(Ct);
        await PrepareAsync(host.Table);
        using var faults = new DynamoFaults { Plan = (_, call) => call < at ? DynamoFaultKind.None : call == at ? kind : DynamoFaultKind.Lost };
        using var client = faults.Client(host.Options, retries: 0);
        var died = false;
        try
        {
            await operation(host.Another(client));
        }
        catch (UnavailableException)
        {
            died = true;
        }
        Assert.Equal(died, faults.Calls > at);
        await AssertSoundAsync(host, name);
        await operation(host.Table);
        await AssertSoundAsync(host, name);
        await AssertDoneAsync(host.Table, name);
        await AssertNothingIsLeftBelowTheFloorAsync(host);
        return !died;
    }

    private static async Task PrepareAsync(IItemTable table)
    {
        await table.InsertManyAsync([.. Enumerable.Range(0, 8).Select(n => (Row($"p{n}"), Created))], Ct);
        await table.PutAsync(Row("watched", status: ItemStatus.Purged) with { UploadDeadline = Noon.AddMinutes(-1) });
        await table.PutAsync(Row("purged", status: ItemStatus.Purged));
        await table.MarkIndexedAsync([(Row("watched").Key, 1), (Row("p2").Key, 1), (Row("p3").Key, 1)], Ct);
    }

    /// <summary>Numbers without gaps from the floor to the end, each row that is there told to its revision, and no dirty row overlooked.</summary>
    private static async Task AssertSoundAsync(DynamoItemTableHost host, string name)
    {
        var table = host.Another();
        var (start, end) = (ChangeCursor.Parse(await table.StartOfChangesAsync(Pets, Ct)), ChangeCursor.Parse(await table.EndOfChangesAsync(Pets, Ct)));
        var changes = await table.AllChangesAsync(Pets);
        var numbers = changes.Select(change => ChangeCursor.Parse(change.Cursor)).ToList();
        Assert.Equal(Enumerable.Range(0, numbers.Count).Select(n => end - numbers.Count + 1 + n), numbers);
        if (start > 0) Assert.Equal(end - start, numbers.Count);
        var rows = await table.ScanAsync(Pets, null, 100, Ct);
        foreach (var row in rows.Where(_ => name is not ("forget" or "remove")))
            Assert.Equal(Enumerable.Range(1, (int)row.Revision).Select(n => (long)n), changes.Where(change => change.Path == row.Path).Select(change => change.Revision));
        foreach (var path in name is "write many" or "write" ? changes.Select(change => change.Path) : []) Assert.Contains(rows, row => row.Path == path);
        var dirty = rows.Where(row => row.IndexedRevision < row.Revision).Select(row => row.Key.Shard).ToHashSet();
        Assert.Equal(dirty, [.. await table.ListDirtyShardsAsync(Ct)]);
        // Purged, known to the index, and watched by nobody: nothing would ever take it away.
        Assert.DoesNotContain(rows, row => row is { Status: ItemStatus.Purged, UploadDeadline: null } && row.IndexedRevision == row.Revision);
    }

    /// <summary>Segments that nobody reads any more would cost for ever.</summary>
    private static async Task AssertNothingIsLeftBelowTheFloorAsync(DynamoItemTableHost host)
    {
        var floor = await host.Table.StartOfChangesAsync(Pets, Ct);
        var items = (await host.Client.ScanAsync(new ScanRequest(host.Options.ItemTable), Ct)).Items;
        Assert.DoesNotContain(items, item => item["pk"].S.Contains("/feed/", StringComparison.Ordinal) && string.CompareOrdinal(item["sk"].S, floor) <= 0);
    }

    private static async Task AssertDoneAsync(IItemTable table, string name)
    {
        var rows = (await table.ScanAsync(Pets, null, 100, Ct)).ToDictionary(row => row.Path);
        switch (name)
        {
            case "write many":
                Assert.Equal(19, rows.Count);
                break;
            case "write":
                Assert.Equal(2, rows["p1"].Revision);
                break;
            case "remove":
                Assert.Empty(rows);
                Assert.Empty(await table.AllChangesAsync(Pets));
                break;
            case "end watch":
                Assert.DoesNotContain("watched", rows.Keys);
                break;
            case "mark":
                Assert.DoesNotContain("purged", rows.Keys);
                Assert.Equal(1, rows["p1"].IndexedRevision);
                break;
            case "mark all dirty":
                Assert.All(rows.Values, row => Assert.Equal(0, row.IndexedRevision));
                Assert.Equal("g", await table.ReadIndexGenerationAsync(Ct));
                break;
        }
    }
}
