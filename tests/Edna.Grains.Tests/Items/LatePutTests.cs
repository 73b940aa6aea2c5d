using CsCheck;
using Edna.Items;
using Edna.Keys;
using Edna.Objects;
using Xunit;

namespace Edna.Grains.Tests.Items;

/// <summary>Clients that send bytes by any URL they were ever given, for as long as it works, whatever became of its upload meanwhile.</summary>
public sealed class LatePutTests
{
    private static readonly Gen<Action<Bucket>> Step = Gen.Frequency(
        (4, Gen.Select(Gen.Int[10, 12], Gen.Int[1, 3], Gen.Bool).Select((size, hours, parts) => (Action<Bucket>)(b => b.Announce(size, hours, parts)))),
        (6, Gen.Int[0, 9].Select(n => (Action<Bucket>)(b => b.Put(n)))),
        (2, Gen.Bool.Select(right => (Action<Bucket>)(b => b.Complete(right)))),
        (3, Gen.Const((Action<Bucket>)(b => b.Do(UploadDecisions.Abort)))),
        (1, Gen.Const((Action<Bucket>)(b => b.Do(EditDecisions.Trash)))),
        (2, Gen.Const((Action<Bucket>)(b => b.Do(EditDecisions.Restore)))),
        (1, Gen.Int[0, 9].Select(n => (Action<Bucket>)(b => b.Do((s, now) => EditDecisions.Tag(s, new Dictionary<string, string> { ["n"] = $"{n}" }, now))))),
        (4, Gen.Int[1, 100].Select(minutes => (Action<Bucket>)(b => b.Pass(minutes)))),
        (1, Gen.Const((Action<Bucket>)(b => b.Dies = true))),
        (2, Gen.Const((Action<Bucket>)(b => b.Sweep()))));

    [Fact]
    public void Nothing_is_left_of_uploads_that_came_to_nothing_once_no_url_works_and_the_sweeper_has_been_there() =>
        Step.Array[1, 30].Sample(steps =>
        {
            var bucket = new Bucket();
            foreach (var step in steps) step(bucket);
            bucket.Pass(24 * 60);
            for (var looks = 0; bucket.Sweep(); looks++) Assert.True(looks < 2, "it is swept again and again");
            if (bucket.State is not { } state) return;
            Assert.Null(ItemView.RowOf(new(new("default", "pets"), ItemId.FromPath("a.png")), state).UploadDeadline);
            Assert.Null(state.Upload);
            Assert.DoesNotContain(bucket.Objects, attempt => attempt > state.ContentRevision);
            if (state.HasContent) Assert.Contains(state.ContentRevision, bucket.Objects);
        }, iter: 20_000);

    [Fact]
    public void A_row_is_watched_exactly_while_there_is_something_to_come() => Step.Array[1, 30].Sample(steps =>
    {
        var bucket = new Bucket();
        foreach (var step in steps)
        {
            step(bucket);
            if (bucket.State is not { } state) continue;
            var until = ItemView.RowOf(new(new("default", "pets"), ItemId.FromPath("a.png")), state).UploadDeadline;
            Assert.Equal(until is { } at && at <= bucket.Now ? state.Upload is null ? SweepDue.Late : SweepDue.Upload : SweepDue.Nothing,
                SweepDecisions.DueOf(state, null, bucket.Now));
            Assert.True(until is not null || bucket.MayCome(state) == 0, "an upload that came to nothing may still bring something, and nobody will look");
        }
    }, iter: 20_000);

    [Fact]
    public void An_upload_that_expired_is_looked_at_once() => Gen.Int[75, 10_000].Sample(minutes =>
    {
        var bucket = new Bucket();
        bucket.Announce(10, 1, false);
        bucket.Pass(minutes);
        Assert.True(bucket.Sweep());
        Assert.Equal((UploadErrors.Expired, null), (bucket.State!.Failure!.Code, bucket.State.LateUntil));
        Assert.Equal((false, 0), (bucket.Sweep(), bucket.Listings));
    }, iter: 1_000);

    /// <summary>An item, its bucket and the URLs of all uploads that it ever had; what grain and sweeper do with decisions is done here in the plainest way.</summary>
    private sealed class Bucket
    {
        private readonly List<(long Attempt, DateTimeOffset Until)> urls = [];

        public HashSet<long> Objects { get; } = [];

        public ItemState? State { get; private set; }

        public DateTimeOffset Now { get; private set; } = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

        public int Listings { get; private set; }

        /// <summary>The process dies after the next write, before it has removed anything.</summary>
        public bool Dies { private get; set; }

        public void Pass(int minutes) => Now = Now.AddMinutes(minutes);

        /// <summary>Attempts after the content that are not open and of which something lies there, or may come.</summary>
        public int MayCome(ItemState state) => urls.Where(u => u.Until > Now).Select(u => u.Attempt).Concat(Objects).Count(a => SweepDecisions.CameToNothing(state, a));

        public void Announce(long size, int hours, bool parts)
        {
            var request = new CreateItem { Path = "a.png", ContentType = "image/png", Size = size, Multipart = parts };
            Apply(UploadDecisions.Plan(State, request, "a.png", new(TimeSpan.FromHours(hours), TimeSpan.FromMinutes(15)), Now, "ann"));
            if (State is { Upload: { } open }) urls.Add((open.Attempt, open.Deadline));
        }

        /// <summary>The store takes bytes by a URL that works, where nothing lies.</summary>
        public void Put(int n)
        {
            if (urls.Count > 0 && urls[n % urls.Count] is var (attempt, until) && until > Now) Objects.Add(attempt);
        }

        public void Complete(bool right)
        {
            if (State is not { Upload: { } open }) return;
            Apply(UploadDecisions.Confirm(State, Found(open, right), ChecksumVerdict.Match, Now));
        }

        public void Do(Func<ItemState, DateTimeOffset, ItemOutcome> decide)
        {
            if (State is not null) Apply(decide(State, Now));
        }

        public bool Sweep()
        {
            if (State is null) return false;
            switch (SweepDecisions.DueOf(State, null, Now))
            {
                case SweepDue.Upload:
                    if (State.LateUntil is not null) RemoveLate();
                    var outcome = SweepDecisions.Settle(State, Found(State.Upload!, true), ChecksumVerdict.Match, Now);
                    if (outcome.Discard is { } discard) Objects.Remove(discard.Attempt);
                    Apply(outcome with { Discard = null });
                    return true;
                case SweepDue.Late:
                    RemoveLate();
                    State = State with { LateUntil = null };
                    return true;
                default:
                    return false;
            }
        }

        private void RemoveLate()
        {
            Listings++;
            Objects.RemoveWhere(attempt => SweepDecisions.CameToNothing(State!, attempt));
        }

        private StoredObject? Found(OpenUpload open, bool right) =>
            Objects.Contains(open.Attempt) ? new() { Size = right ? open.Size : open.Size + 1, ETag = "e", ContentType = open.ContentType, LastModified = Now } : null;

        private void Apply(ItemOutcome outcome)
        {
            State = outcome.Next ?? State;
            if (outcome.Discard is { } discard && !Dies) Objects.Remove(discard.Attempt);
            if (outcome.Next is not null) Dies = false;
        }
    }
}
