using System.Globalization;
using CsCheck;
using Xunit;

namespace Edna.Compliance.State;

/// <summary>What Orleans wants of a reminder table.</summary>
public abstract class ReminderTableCompliance
{
    private static readonly GrainId s_grain = GrainId.Create("kind", "key/with_under_scores");
    private static readonly DateTime s_start = new DateTime(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc).AddTicks(7);

    /// <summary>The table of a service; the same one, however often it is asked for.</summary>
    protected abstract IReminderTable Table(string service = "service");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_reminder_is_read_as_it_was_written()
    {
        var etag = await Table().UpsertRow(Entry(s_grain, "r"), Ct);
        var read = await Table().ReadRow(s_grain, "r", Ct);
        Assert.Equal((s_start, DateTimeKind.Utc, TimeSpan.FromMinutes(2), etag, s_grain, "r"), (read!.StartAt, read.StartAt.Kind, read.Period, read.ETag, read.GrainId, read.ReminderName));
        Assert.Null(await Table().ReadRow(s_grain, "R", Ct));
    }

    [Fact]
    public async Task A_reminder_is_written_over_and_removed_by_its_etag_only()
    {
        var first = await Table().UpsertRow(Entry(s_grain, "r"), Ct);
        var longer = Entry(s_grain, "r");
        longer.Period = TimeSpan.FromDays(3) + TimeSpan.FromTicks(5);
        var second = await Table().UpsertRow(longer, Ct);
        Assert.NotEqual(first, second);
        Assert.Equal(longer.Period, (await Table().ReadRow(s_grain, "r", Ct))!.Period);
        Assert.False(await Table().RemoveRow(s_grain, "r", first!, Ct));
        Assert.False(await Table().RemoveRow(s_grain, "other", second!, Ct));
        Assert.True(await Table().RemoveRow(s_grain, "r", second!, Ct));
        Assert.False(await Table().RemoveRow(s_grain, "r", second!, Ct));
        Assert.Null(await Table().ReadRow(s_grain, "r", Ct));
    }

    [Fact]
    public async Task The_culture_of_a_silo_does_not_matter()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("ar-SA");
            await Table().UpsertRow(Entry(s_grain, "r"), Ct);
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("sv-SE");
            var read = await Table().ReadRow(s_grain, "r", Ct);
            Assert.Equal((s_start, TimeSpan.FromMinutes(2)), (read!.StartAt, read.Period));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public async Task Those_of_a_grain_are_found_together()
    {
        var neighbour = GrainId.Create("kind", "key/with_under");
        foreach (var name in new[] { "a", "b", "b_c" }) await Table().UpsertRow(Entry(s_grain, name), Ct);
        await Table().UpsertRow(Entry(neighbour, "scores_a"), Ct);
        Assert.Equal(["a", "b", "b_c"], (await Table().ReadRows(s_grain, Ct)).Reminders.Select(r => r.ReminderName).Order());
        Assert.Equal(["scores_a"], (await Table().ReadRows(neighbour, Ct)).Reminders.Select(r => r.ReminderName));
        Assert.Empty((await Table().ReadRows(GrainId.Create("kind", "nobody"), Ct)).Reminders);
    }

    [Fact]
    public async Task Ranges_of_the_ring_hold_what_their_ends_say()
    {
        var grains = Enumerable.Range(0, 40).Select(i => GrainId.Create("kind", $"g{i}")).ToList();
        foreach (var grain in grains) await Table().UpsertRow(Entry(grain, "r"), Ct);
        var hashes = grains.ConvertAll(grain => grain.GetUniformHashCode());
        // Ends that hit a hash, lie beside it, and the ends of the numbers.
        var ends = Gen.OneOf(Gen.UInt, AnyOf([.. hashes]), AnyOf([.. hashes]).Select(h => h - 1), AnyOf(0u, 1u, uint.MaxValue));
        await Gen.Select(ends, ends).SampleAsync(async (begin, end) =>
        {
            var found = (await Table().ReadRows(begin, end, Ct)).Reminders.Select(r => r.GrainId);
            Assert.Equal(grains.Where(grain => IsWithin(grain.GetUniformHashCode(), begin, end)).Order(), found.Order());
        }, iter: 150, threads: 1);
    }

    [Fact]
    public async Task Services_know_nothing_of_each_other()
    {
        var etag = await Table().UpsertRow(Entry(s_grain, "r"), Ct);
        await Table("other").UpsertRow(Entry(s_grain, "r"), Ct);
        Assert.Single((await Table("other").ReadRows(0, 0, Ct)).Reminders);
        await Table("other").TestOnlyClearTable(Ct);
        Assert.Empty((await Table("other").ReadRows(s_grain, Ct)).Reminders);
        Assert.Equal(etag, Assert.Single((await Table().ReadRows(s_grain, Ct)).Reminders).ETag);
    }

    [Fact]
    public async Task Of_two_that_remove_one_reminder_one_does()
    {
        for (var round = 0; round < 10; round++)
        {
            var etag = await Table().UpsertRow(Entry(s_grain, "r"), Ct);
            Assert.Single(await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Table().RemoveRow(s_grain, "r", etag!, Ct))), true);
        }
    }

    /// <summary>Orleans' own rule: above the one end, up to the other, round the ring; all of it when the ends are one.</summary>
    private static bool IsWithin(uint hash, uint begin, uint end) => begin < end ? hash > begin && hash <= end : hash > begin || hash <= end;

    private static Gen<T> AnyOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static ReminderEntry Entry(GrainId grain, string name) => new() { GrainId = grain, ReminderName = name, StartAt = s_start, Period = TimeSpan.FromMinutes(2) };
}
