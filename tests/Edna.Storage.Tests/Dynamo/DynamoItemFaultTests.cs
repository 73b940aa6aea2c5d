using Edna.Compliance.Items;
using Edna.Items;
using Edna.Results;
using Edna.Storage.Dynamo;
using Orleans.Storage;
using Xunit;
using static Edna.Compliance.Items.TestRows;

namespace Edna.Storage.Tests.Dynamo;

/// <summary>What callers are told when the table does not do as it is asked.</summary>
public sealed class DynamoItemFaultTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory(Timeout = 60_000)]
    [InlineData(DynamoFaultKind.AnswerLost)]
    [InlineData(DynamoFaultKind.AnswerLostAndForgotten)]
    internal async Task A_write_whose_answer_was_lost_is_made_once_and_acknowledged(DynamoFaultKind kind)
    {
        await using var host = await DynamoItemTableHost.StartAsync(TestContext.Current.CancellationToken);
        var lost = 0;
        using var faults = new DynamoFaults { Plan = (operation, _) => operation == "TransactWriteItems" && lost++ == 1 ? kind : DynamoFaultKind.None };
        using var client = faults.Client(host.Options, retries: 2);
        var table = host.Another(client);
        await table.PutAsync(Row("a"));
        await table.PutAsync(Row("a", 2));
        await table.PutAsync(Row("a", 3));
        Assert.Equal(4, lost);
        Assert.Equal([1L, 2, 3], (await host.Table.AllChangesAsync(Pets)).Select(change => change.Revision));
    }

    [Fact(Timeout = 60_000)]
    public async Task While_the_table_is_away_all_is_refused_and_afterwards_all_is_well()
    {
        await using var host = await DynamoItemTableHost.StartAsync(TestContext.Current.CancellationToken);
        var away = false;
        using var faults = new DynamoFaults { Plan = (_, _) => away ? DynamoFaultKind.Lost : DynamoFaultKind.None };
        using var client = faults.Client(host.Options, retries: 1);
        var table = host.Another(client);
        await table.PutAsync(Row("a"));
        away = true;
        Assert.Null((await Assert.ThrowsAsync<UnavailableException>(() => table.PutAsync(Row("b")))).Refusal);
        await Assert.ThrowsAsync<UnavailableException>(() => table.ReadAsync(Row("a").Key, Ct).AsTask());
        await Assert.ThrowsAsync<UnavailableException>(() => table.ReadChangesAsync(Pets, null, 10, Ct).AsTask());
        await Assert.ThrowsAsync<UnavailableException>(() => table.ListAsync(Pets, new(), Ct).AsTask());
        await Assert.ThrowsAsync<UnavailableException>(() => table.CheckAsync(Ct).AsTask());
        away = false;
        await table.PutAsync(Row("b"));
        await table.CheckAsync(Ct);
        Assert.Equal(["a", "b"], (await table.AllChangesAsync(Pets)).Select(change => change.Path));
    }

    [Fact(Timeout = 60_000)]
    public async Task What_is_throttled_for_a_while_is_done_in_the_end()
    {
        await using var host = await DynamoItemTableHost.StartAsync(TestContext.Current.CancellationToken);
        using var faults = new DynamoFaults { ThrottlesEachOnce = true };
        using var client = faults.Client(host.Options, retries: 1);
        var table = host.Another(client);
        Assert.All(await table.InsertManyAsync([.. Enumerable.Range(0, 9).Select(n => (Row($"p{n}"), Created))], Ct), Assert.True);
        await table.MarkIndexedAsync([(Row("p1").Key, 1), (Row("p2").Key, 1)], Ct);
        Assert.Equal(9, (await table.ListAllAsync(Pets, new() { Limit = 4 })).Count);
        Assert.Equal(9, (await table.AllChangesAsync(Pets)).Count);
        faults.Plan = (_, _) => DynamoFaultKind.Throttled;
        Assert.Null((await Assert.ThrowsAsync<UnavailableException>(() => table.PutAsync(Row("b")))).Refusal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Garbage_for_an_answer_is_an_outage()
    {
        await using var host = await DynamoItemTableHost.StartAsync(TestContext.Current.CancellationToken);
        await host.Table.PutAsync(Row("a"));
        using var faults = new DynamoFaults { Plan = (_, _) => DynamoFaultKind.Garbage };
        using var client = faults.Client(host.Options, retries: 0);
        var table = host.Another(client);
        await Assert.ThrowsAsync<UnavailableException>(() => table.ReadAsync(Row("a").Key, Ct).AsTask());
        await Assert.ThrowsAsync<UnavailableException>(() => table.PutAsync(Row("b")));
    }

    [Fact]
    public async Task A_table_that_is_not_there_is_told_by_the_servers_word()
    {
        await using var host = await DynamoItemTableHost.StartAsync(TestContext.Current.CancellationToken);
        var options = DynamoServer.Options();
        var table = new DynamoItemTable(new(host.Client, options, "edna", TimeProvider.System));
        Assert.Equal("ResourceNotFoundException", (await Assert.ThrowsAsync<UnavailableException>(() => table.CheckAsync(Ct).AsTask())).Refusal);
        Assert.Equal("ResourceNotFoundException", (await Assert.ThrowsAsync<UnavailableException>(() => table.PutAsync(Row("a")))).Refusal);
    }

    [Theory]
    [InlineData("b")]
    [InlineData("r")]
    [InlineData("s")]
    [InlineData("w")]
    [InlineData("x")]
    public async Task A_damaged_row_is_told_with_its_key_and_the_attribute(string attribute)
    {
        await using var host = await DynamoItemTableHost.StartAsync(TestContext.Current.CancellationToken);
        await host.Table.PutAsync(Row("a"));
        var key = host.Keys.Row(Row("a").Key);
        await host.Client.UpdateItemAsync(new()
        {
            TableName = host.Options.ItemTable, Key = key, UpdateExpression = $"SET {attribute} = :v", ExpressionAttributeValues = new() { [":v"] = new("nonsense") },
        }, Ct);
        var told = await Assert.ThrowsAsync<InvalidDataException>(() => host.Table.ReadAsync(Row("a").Key, Ct).AsTask());
        Assert.Contains($"'{Row("a").Key.ItemId}'", told.Message, StringComparison.Ordinal);
        Assert.Contains($"'{attribute}'", told.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_segment_and_a_damaged_head_are_told()
    {
        await using var host = await DynamoItemTableHost.StartAsync(TestContext.Current.CancellationToken);
        await host.Table.PutAsync(Row("a"));
        await host.Client.UpdateItemAsync(new()
        {
            TableName = host.Options.ItemTable, Key = host.Keys.Segment(Pets, Storage.Rows.ChangeCursor.Parse(await host.Table.EndOfChangesAsync(Pets, Ct))),
            UpdateExpression = "SET c = :v", ExpressionAttributeValues = new() { [":v"] = StoredAttributes.Of([1, 2, 3]) },
        }, Ct);
        await Assert.ThrowsAsync<InvalidDataException>(() => host.Table.ReadChangesAsync(Pets, null, 10, Ct).AsTask());
        await host.Client.UpdateItemAsync(new()
        {
            TableName = host.Options.ItemTable, Key = host.Keys.Head(Pets), UpdateExpression = "SET n = :v",
            ExpressionAttributeValues = new() { [":v"] = StoredAttributes.Of(1) },
        }, Ct);
        await Assert.ThrowsAsync<InvalidDataException>(() => host.Another().PutAsync(Row("b")));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_row_that_the_table_does_not_take_fails_alone()
    {
        await using var host = await DynamoItemTableHost.StartAsync(TestContext.Current.CancellationToken);
        var first = new TaskCompletionSource();
        using var faults = new DynamoFaults { Before = operation => operation == "TransactWriteItems" ? first.Task : Task.CompletedTask };
        using var client = faults.Client(host.Options, retries: 0);
        var table = host.Another(client);
        var opening = table.PutAsync(Row("opening"));
        // These three wait for the first, and go together.
        var (good, bad, other) = (table.PutAsync(Row("good")), table.PutAsync(Row("bad") with { Path = "" }), table.PutAsync(Row("other")));
        first.SetResult();
        await Task.WhenAll(opening, good, other);
        Assert.NotNull((await Assert.ThrowsAsync<UnavailableException>(() => bad)).Refusal);
        Assert.Equal(["opening", "good", "other"], (await table.AllChangesAsync(Pets)).Select(change => change.Path));
    }

    [Fact]
    public async Task A_body_too_large_for_the_table_is_refused_before_it_is_sent()
    {
        await using var host = await DynamoItemTableHost.StartAsync(TestContext.Current.CancellationToken);
        var noise = new byte[500_000];
        new Random(1).NextBytes(noise);
        await Assert.ThrowsAsync<ArgumentException>(() => host.Table.PutAsync(Row("a") with { Body = noise }));
        // What packs well may be large.
        await host.Table.PutAsync(Row("a") with { Body = new byte[500_000] });
        Assert.Equal(500_000, (await host.Table.ReadAsync(Row("a").Key, Ct))!.Body.Length);
    }

    [Fact(Timeout = 60_000)]
    public async Task When_too_many_wait_a_write_is_refused_at_once()
    {
        await using var host = await DynamoItemTableHost.StartAsync(TestContext.Current.CancellationToken);
        var held = new TaskCompletionSource();
        using var faults = new DynamoFaults { Before = _ => held.Task };
        using var client = faults.Client(host.Options, retries: 0);
        var table = host.Another(client);
        var waiting = new List<Task> { table.PutAsync(Row("first")) };
        for (var n = 0; n < DatasetWriter.MostWaiting / 1_000; n++)
            waiting.Add(table.InsertManyAsync([.. Enumerable.Range(n * 1_000, 1_000).Select(i => (Row($"p{i}"), Created))], Ct));
        await Assert.ThrowsAsync<UnavailableException>(() => table.InsertManyAsync([.. Enumerable.Range(0, 1_000).Select(i => (Row($"q{i}"), Created))], Ct));
        faults.Plan = (_, _) => DynamoFaultKind.Lost;
        held.SetResult();
        foreach (var one in waiting) await Assert.ThrowsAsync<UnavailableException>(() => one);
        faults.Plan = (_, _) => DynamoFaultKind.None;
        await table.PutAsync(Row("first"));
    }

    [Fact]
    public async Task A_refused_write_names_both_revisions()
    {
        await using var host = await DynamoItemTableHost.StartAsync(TestContext.Current.CancellationToken);
        await host.Table.PutAsync(Row("a"));
        var told = await Assert.ThrowsAsync<InconsistentStateException>(() => host.Table.PutAsync(Row("a", 4)));
        Assert.Equal(("1", "3"), (told.StoredEtag, told.CurrentEtag));
    }
}
