using System.Net;
using Edna.Results;
using Edna.Storage.Dynamo.Membership;
using Edna.Storage.Dynamo.State;
using Edna.Storage.Dynamo.Tables;
using Orleans.Storage;
using Xunit;

namespace Edna.Storage.Tests.Dynamo;

/// <summary>Calls that are throttled, that are done although nobody hears of it, and that are not let through.</summary>
public sealed class DynamoTroubleTests
{
    private static readonly GrainId s_grain = GrainId.Create("kind", "key");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_write_that_is_throttled_a_few_times_is_done_once()
    {
        await using var tables = await OwnTables.MakeAsync(DynamoTable.GrainState);
        await using var gate = await DynamoGate.OpenAsync(tables.Options);
        using var client = gate.NewClient();
        var storage = new DynamoGrainStorage(client, gate.Options, OwnTables.Cluster("s"), tables.Activators);
        var state = new GrainState<int> { State = 5 };
        gate.Next(DynamoGate.Fate.Throttled, times: 3);
        await storage.WriteStateAsync("x", s_grain, state, Ct);
        Assert.Equal(4, gate.Calls);
        var read = new GrainState<int>();
        await storage.ReadStateAsync("x", s_grain, read, Ct);
        Assert.Equal((5, state.ETag), (read.State, read.ETag));
    }

    [Fact]
    public async Task What_is_throttled_without_end_is_not_available()
    {
        await using var tables = await OwnTables.MakeAsync(DynamoTable.Reminders);
        await using var gate = await DynamoGate.OpenAsync(tables.Options);
        using var client = gate.NewClient();
        IReminderTable reminders = new DynamoReminderTable(client, gate.Options, OwnTables.Cluster("s"));
        gate.Next(DynamoGate.Fate.Throttled, times: 50);
        var fault = await Assert.ThrowsAsync<UnavailableException>(() => reminders.ReadRow(s_grain, "r", Ct));
        Assert.Equal(("The reminder table", null), (fault.What, fault.Refusal));
    }

    [Fact]
    public async Task What_is_denied_says_so()
    {
        await using var tables = await OwnTables.MakeAsync(DynamoTable.GrainState);
        await using var gate = await DynamoGate.OpenAsync(tables.Options);
        using var client = gate.NewClient();
        var storage = new DynamoGrainStorage(client, gate.Options, OwnTables.Cluster("s"), tables.Activators);
        gate.Next(DynamoGate.Fate.Denied);
        var fault = await Assert.ThrowsAsync<UnavailableException>(() => storage.ReadStateAsync("x", s_grain, new GrainState<int>(), Ct));
        Assert.Equal(("The state table", "AccessDeniedException"), (fault.What, fault.Refusal));
    }

    [Fact]
    public async Task A_write_whose_answer_is_lost_is_done_for_a_new_row_and_for_one_that_was_read()
    {
        await using var tables = await OwnTables.MakeAsync(DynamoTable.GrainState);
        await using var gate = await DynamoGate.OpenAsync(tables.Options);
        using var client = gate.NewClient();
        var storage = new DynamoGrainStorage(client, gate.Options, OwnTables.Cluster("s"), tables.Activators);
        var state = new GrainState<int>();
        foreach (var value in new[] { 5, 6 })
        {
            state.State = value;
            gate.Next(DynamoGate.Fate.AnswerLost);
            await storage.WriteStateAsync("x", s_grain, state, Ct);
            // The write, its repetition, and the look at whose row it is.
            Assert.Equal(3, gate.Calls);
            var read = new GrainState<int>();
            await storage.ReadStateAsync("x", s_grain, read, Ct);
            Assert.Equal((value, state.ETag, true), (read.State, read.ETag, state.RecordExists));
        }
    }

    [Fact]
    public async Task A_write_whose_answer_is_lost_is_refused_when_another_has_followed_or_gone_before()
    {
        await using var tables = await OwnTables.MakeAsync(DynamoTable.GrainState);
        await using var gate = await DynamoGate.OpenAsync(tables.Options);
        using var client = gate.NewClient();
        var storage = new DynamoGrainStorage(client, gate.Options, OwnTables.Cluster("s"), tables.Activators);
        var (ours, theirs) = (new GrainState<int> { State = 1 }, new GrainState<int>());
        await storage.WriteStateAsync("x", s_grain, ours, Ct);
        await storage.ReadStateAsync("x", s_grain, theirs, Ct);
        theirs.State = 2;
        await storage.WriteStateAsync("x", s_grain, theirs, Ct);

        // Both would make the same etag: only the token tells them apart.
        ours.State = 3;
        gate.Next(DynamoGate.Fate.AnswerLost);
        var fault = await Assert.ThrowsAsync<InconsistentStateException>(() => storage.WriteStateAsync("x", s_grain, ours, Ct));
        Assert.Equal((theirs.ETag, ours.ETag), (fault.StoredEtag, fault.CurrentEtag));

        // A row that the stock provider wrote in place over ours has our token still.
        gate.Next(DynamoGate.Fate.AnswerLost);
        gate.AfterLoss = async () => await tables.Client.UpdateItemAsync(new()
        {
            TableName = tables.Options.GrainStateTable, Key = GrainStateRow.Key("s", s_grain, "x"), UpdateExpression = "SET ETag = ETag + :one",
            ExpressionAttributeValues = new() { [":one"] = new() { N = "1" } },
        }, Ct);
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.WriteStateAsync("x", s_grain, theirs, Ct));
    }

    [Fact]
    public async Task A_state_is_cleared_although_the_answer_is_lost_and_not_when_another_has_written()
    {
        await using var tables = await OwnTables.MakeAsync(DynamoTable.GrainState);
        await using var gate = await DynamoGate.OpenAsync(tables.Options);
        using var client = gate.NewClient();
        var storage = new DynamoGrainStorage(client, gate.Options, OwnTables.Cluster("s"), tables.Activators);
        var (state, old) = (new GrainState<int> { State = 5 }, new GrainState<int>());
        await storage.WriteStateAsync("x", s_grain, state, Ct);
        await storage.ReadStateAsync("x", s_grain, old, Ct);
        await storage.WriteStateAsync("x", s_grain, state, Ct);

        gate.Next(DynamoGate.Fate.AnswerLost);
        var fault = await Assert.ThrowsAsync<InconsistentStateException>(() => storage.ClearStateAsync("x", s_grain, old, Ct));
        Assert.Equal((state.ETag, old.ETag), (fault.StoredEtag, fault.CurrentEtag));

        gate.Next(DynamoGate.Fate.AnswerLost);
        await storage.ClearStateAsync("x", s_grain, state, Ct);
        Assert.Equal((2, false, null), (gate.Calls, state.RecordExists, state.ETag));
        // Nothing is left for one that still believes in it.
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.ClearStateAsync("x", s_grain, old, Ct));
    }

    [Fact]
    public async Task A_reminder_is_removed_although_the_answer_is_lost_and_not_when_it_is_another()
    {
        await using var tables = await OwnTables.MakeAsync(DynamoTable.Reminders);
        await using var gate = await DynamoGate.OpenAsync(tables.Options);
        using var client = gate.NewClient();
        IReminderTable reminders = new DynamoReminderTable(client, gate.Options, OwnTables.Cluster("s"));
        ReminderEntry New() => new() { GrainId = s_grain, ReminderName = "r", StartAt = DateTime.UnixEpoch };
        gate.Next(DynamoGate.Fate.AnswerLost);
        var first = await reminders.UpsertRow(New(), Ct);
        Assert.Equal((2, first), (gate.Calls, (await reminders.ReadRow(s_grain, "r", Ct))!.ETag));
        var second = await reminders.UpsertRow(New(), Ct);

        gate.Next(DynamoGate.Fate.AnswerLost);
        Assert.False(await reminders.RemoveRow(s_grain, "r", first!, Ct));
        gate.Next(DynamoGate.Fate.AnswerLost);
        Assert.True(await reminders.RemoveRow(s_grain, "r", second!, Ct));
        Assert.Equal(2, gate.Calls);
        Assert.Null(await reminders.ReadRow(s_grain, "r", Ct));
    }

    [Fact]
    public async Task A_silo_joins_once_although_the_answer_is_lost()
    {
        await using var tables = await OwnTables.MakeAsync(DynamoTable.Silos);
        await using var gate = await DynamoGate.OpenAsync(tables.Options);
        using var client = gate.NewClient();
        var table = new DynamoMembershipTable(client, gate.Options, OwnTables.Cluster("c"));
        await table.InitializeMembershipTableAsync(true, Ct);
        var entry = new MembershipEntry { SiloAddress = SiloAddress.New(IPAddress.Loopback, 1, 2), Status = SiloStatus.Joining };
        var next = (await table.ReadAllAsync(Ct)).Version.Next();
        gate.Next(DynamoGate.Fate.AnswerLost);
        Assert.True(await table.InsertRowAsync(entry, next, Ct));
        Assert.Equal(2, gate.Calls);
        var read = await table.ReadAllAsync(Ct);
        Assert.Equal((1, 1), (read.Version.Version, read.Members.Count));
    }
}
