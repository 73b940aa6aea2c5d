using CsCheck;
using Edna.Compliance.State;
using Edna.Storage.Dynamo.State;
using Edna.Storage.Dynamo.Tables;
using Xunit;

namespace Edna.Storage.Tests.Dynamo;

public sealed class DynamoReminderTests : ReminderTableCompliance, IAsyncLifetime
{
    private static readonly GrainId s_grain = GrainId.Create("kind", "key");
    private OwnTables _tables = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_row_is_what_the_stock_provider_writes()
    {
        var etag = await Table().UpsertRow(new() { GrainId = s_grain, ReminderName = "r", StartAt = new(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc), Period = TimeSpan.FromMinutes(90) }, Ct);
        var row = Assert.Single((await _tables.Client.ScanAsync(new(_tables.Options.ReminderTable), Ct)).Items);
        Assert.Equal(
            [
                $"ETag={etag}", $"GrainHash={s_grain.GetUniformHashCode()}", "GrainReference=kind/key", "Period=01:30:00", "ReminderId=service_kind/key_r", "ReminderName=r",
                "ServiceId=service", "StartTime=2026-03-01T12:00:00.0000000Z",
            ],
            row.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => $"{a.Key}={a.Value.S ?? a.Value.N}"));
    }

    [Theory]
    [InlineData("03/01/2026 12:00:00")]
    [InlineData("2026-03-01T13:00:00.0000000+01:00")]
    public async Task Times_as_the_stock_provider_writes_them_are_read(string written)
    {
        var row = ReminderRow.Write("service", new() { GrainId = s_grain, ReminderName = "r" }, 5);
        row["StartTime"] = new(written);
        await _tables.Client.PutItemAsync(_tables.Options.ReminderTable, row, Ct);
        Assert.Equal(new DateTime(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc), (await Table().ReadRow(s_grain, "r", Ct))!.StartAt);
    }

    [Fact]
    public async Task More_reminders_than_a_page_holds_are_all_found()
    {
        var name = new string('n', 1_200);
        var grains = Enumerable.Range(0, 40).Select(i => GrainId.Create("kind", $"{i}/{new string('k', 30_000 / 40)}")).ToList();
        for (var i = 0; i < 360; i++) await Table().UpsertRow(new() { GrainId = grains[i % grains.Count], ReminderName = $"{i}{name}", StartAt = DateTime.UnixEpoch }, Ct);
        Assert.Equal(360, (await Table().ReadRows(0, 0, Ct)).Reminders.Count);
    }

    protected override IReminderTable Table(string service = "service") => new DynamoReminderTable(_tables.Client, _tables.Options, OwnTables.Cluster(service));

    public async ValueTask InitializeAsync() => _tables = await OwnTables.MakeAsync(DynamoTable.Reminders);

    public ValueTask DisposeAsync() => _tables?.DisposeAsync() ?? default;
}

public sealed class RingRangeTests
{
    [Fact]
    public void Its_parts_hold_each_hash_that_the_range_holds_once() =>
        Gen.Select(End, End, End).Sample((begin, end, hash) =>
        {
            var within = begin < end ? hash > begin && hash <= end : hash > begin || hash <= end;
            var parts = RingRange.Parts(begin, end);
            return parts.Count(part => part.First <= hash && hash <= part.Last) == (within ? 1 : 0) && parts.All(part => part.First <= part.Last);
        }, iter: 20_000, threads: 1);

    private static Gen<uint> End { get; } = Gen.OneOf(Gen.UInt, Gen.UInt[0, 4], Gen.UInt[uint.MaxValue - 4, uint.MaxValue]);
}
