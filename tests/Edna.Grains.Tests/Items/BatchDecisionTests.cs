using CsCheck;
using Edna.Changes;
using Edna.Items;
using Edna.Objects;
using Xunit;

namespace Edna.Grains.Tests.Items;

public sealed class BatchDecisionTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly UploadLimits Limits = new(TimeSpan.FromHours(1), TimeSpan.FromMinutes(15));

    /// <summary>An announcement, now and then with more metadata than an object can carry, which only a document can tell.</summary>
    private static readonly Gen<ItemState> New = Gen.Select(Gen.Int[1, 5_000], Gen.Bool, Gen.Bool).Select((length, tagged, described) => UploadDecisions.Plan(null, new()
    {
        Path = "a.png", ContentType = "image/png", Size = 10, Tags = tagged ? new Dictionary<string, string> { ["k"] = "v" } : null,
        Metadata = described ? new($"{{\"note\":\"{new string('x', length)}\"}}") : null,
    }, "a.png", Limits, Noon, "ann").Next!);

    private static readonly Gen<StoredObject?> Found = Gen.Select(Gen.Int[9, 10], Gen.Bool.Select(right => right ? "image/png" : "text/plain"), Gen.Int[0, 4]).Select((size, type, none) =>
        none == 0 ? null : new StoredObject { Size = size, ETag = "e", ContentType = type, LastModified = Noon });

    [Fact]
    public void What_a_batch_confirms_its_grain_would_confirm_too_and_the_bucket_tells_it_already() =>
        Gen.Select(New, Found, Gen.Enum<ChecksumVerdict>()).Sample((state, found, checksum) =>
        {
            Assert.True(BatchDecisions.IsNew(state));
            var grains = UploadDecisions.Confirm(state, found, checksum, Noon);
            if (BatchDecisions.Confirm(state, found, checksum, Noon) is not { } next)
            {
                // Left to the grain: what fails, what must be read, and what only a document can tell.
                Assert.True(grains.Problem is not null || checksum == ChecksumVerdict.MustRead || BucketDecisions.Sync(state, grains.Next!, grains.Kind).Document);
                return;
            }
            Assert.NotEqual(ChecksumVerdict.MustRead, checksum);
            Assert.Equal((null, ChangeKind.Available), (grains.Problem, grains.Kind));
            Assert.Equal(ItemJson.Write(grains.Next!), ItemJson.Write(next));
            Assert.Equal(new BucketSync(null, false), BucketDecisions.Sync(state, next, ChangeKind.Available));
        }, iter: 5_000);

    [Fact]
    public void Only_what_was_announced_by_a_single_put_and_nothing_else_since_is_new() => New.Sample(state =>
    {
        Assert.False(BatchDecisions.IsNew(UploadDecisions.Abort(state, Noon).Next!));
        Assert.False(BatchDecisions.IsNew(EditDecisions.Trash(state, Noon).Next!));
        Assert.False(BatchDecisions.IsNew(state with { Upload = state.Upload! with { PartSize = 5 << 20 } }));
        Assert.False(BatchDecisions.IsNew(UploadDecisions.Renew(state, state.Upload!, Limits, Noon.AddMinutes(40)).Next!));
    }, iter: 1_000);
}
