using CsCheck;
using Edna.Changes;
using Xunit;

namespace Edna.Grains.Tests.Changes;

public sealed class ChangeRetentionTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void What_goes_is_old_is_at_the_beginning_and_is_all_there_is_of_that() =>
        Gen.Select(Gen.Int[-20, 20].Array[0, 40], Gen.Int[-25, 25]).Sample((minutes, before) =>
        {
            var count = ChangeRetention.CountExpired([.. minutes.Select(m => Noon.AddMinutes(m))], Noon.AddMinutes(before));
            Assert.All(minutes[..count], m => Assert.True(m < before));
            Assert.True(count == minutes.Length || minutes[count] >= before);
        }, iter: 3_000);

    [Fact]
    public void Going_step_by_step_forgets_what_one_step_would() =>
        Gen.Select(Gen.Int[-20, 20].Array[0, 40], Gen.Int[-25, 25], Gen.Int[1, 9]).Sample((minutes, before, limit) =>
        {
            DateTimeOffset[] all = [.. minutes.Select(m => Noon.AddMinutes(m))];
            var (gone, last) = (0, limit);
            while (last == limit) gone += last = ChangeRetention.CountExpired([.. all.Skip(gone).Take(limit)], Noon.AddMinutes(before));
            Assert.Equal(ChangeRetention.CountExpired(all, Noon.AddMinutes(before)), gone);
        }, iter: 3_000);

    [Fact]
    public void A_change_goes_within_an_hour_and_within_the_24th_part_of_the_retention() =>
        Gen.Long[ChangeRetentionOptions.Least.Ticks, ChangeRetentionOptions.Most.Ticks].Select(TimeSpan.FromTicks).Sample(retention =>
        {
            var pause = ChangeRetention.PauseOf(retention);
            Assert.InRange(pause, TimeSpan.FromMinutes(2.5), TimeSpan.FromHours(1));
            Assert.True(pause <= retention / 24);
        }, iter: 3_000);
}
