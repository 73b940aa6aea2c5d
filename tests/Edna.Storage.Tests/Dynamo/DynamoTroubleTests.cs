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
    public async Task A_write_whose_answer_is_lost_is_not_taken_for_one_that_did_nothing()
    {
        await using var tables = await OwnTables.MakeAsync(DynamoTable.GrainState);
        await using var gate = await DynamoGate.OpenAsync(tables.Options);
        using var client = gate.NewClient();
        var storage = new DynamoGrainStorage(client, gate.Options, OwnTables.Cluster("s"), tables.Activators);
        gate.Next(DynamoGate.Fate.AnswerLost);
        var fault = await Assert.ThrowsAsync<InconsistentStateException>(() => storage.WriteStateAsync("x", s_grain, new GrainState<int> { State = 5 }, Ct));
        var read = new GrainState<int>();
        await storage.ReadStateAsync("x", s_grain, read, Ct);
        Assert.Equal((5, fault.StoredEtag), (read.State, read.ETag));
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
