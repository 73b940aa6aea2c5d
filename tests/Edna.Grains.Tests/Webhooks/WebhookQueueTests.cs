using CsCheck;
using Edna.Changes;
using Edna.Webhooks;
using Xunit;

namespace Edna.Grains.Tests.Webhooks;

public sealed class WebhookQueueTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly RetrySchedule Schedule = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(5));
    private static readonly HashSet<string> Nothing = [];

    private static ItemChange Change(int number, int item, ChangeKind kind = ChangeKind.Tagged) => new()
    {
        Cursor = $"{number:x16}", Item = $"item{item}", Path = $"{item}.png", Kind = kind, Revision = number, At = Noon, By = "ann",
    };

    private static WebhookAnswer Answer(int? status, DateTimeOffset at) => new() { At = at, DurationMs = 0, Status = status };

    /// <summary>A receiver that answers as it pleases: whatever it does, nothing is lost, skipped or out of its item's order.</summary>
    [Fact]
    public void Every_change_is_delivered_or_given_up_once_and_in_the_order_of_its_item() =>
        Gen.Select(Gen.Int[1, 4].Array[0, 300], Gen.Int[0, 99].Array[1, 50], Gen.Int[0, 60]).Sample((items, luck, failing) =>
        {
            var feed = items.Select((item, i) => Change(i + 1, item, i % 3 == 0 ? ChangeKind.Labeled : ChangeKind.Tagged)).ToArray();
            var wanted = feed.Where(c => c.Kind == ChangeKind.Tagged).Select(c => c.Cursor).ToArray();
            var (queue, now, turn, done) = (new WebhookQueue(), Noon, 0, new List<(string Cursor, string Item, DeliveryState State)>());
            while (true)
            {
                var rest = feed.Where(c => string.CompareOrdinal(c.Cursor, queue.Cursor) > 0).Take(70).ToArray();
                queue = queue.Take("w", rest, [ChangeKind.Tagged]);
                Assert.InRange(queue.Waiting.Count, 0, WebhookLimits.Waiting);
                Assert.InRange(queue.Settled.Count, 0, WebhookLimits.Kept);
                var due = queue.DueAt(Nothing, now);
                Assert.InRange(due.Count, 0, WebhookLimits.Together);
                Assert.Equal(due.Count, due.Select(d => d.Change!.Item).Distinct().Count());
                if (due.Count == 0)
                {
                    if (queue.Waiting.Count == 0 && rest.Length == 0) break;
                    if (queue.Waiting.Count == 0) continue;
                    Assert.True(queue.NextAttemptAt(Nothing) > now);
                    now = queue.NextAttemptAt(Nothing)!.Value;
                    continue;
                }
                foreach (var delivery in due)
                {
                    var status = luck[turn++ % luck.Length] < failing ? 500 : 200;
                    queue = queue.After(delivery.Id, Answer(status, now), Schedule, (turn % 10) / 10.0, null);
                    if (queue.Find(delivery.Id) is { State: not DeliveryState.Waiting } settled) done.Add((settled.Change!.Cursor, settled.Change.Item, settled.State));
                }
            }
            Assert.Equal(wanted, done.Select(d => d.Cursor).Order(StringComparer.Ordinal));
            Assert.All(done.GroupBy(d => d.Item), g => Assert.Equal(g.Select(d => d.Cursor).Order(StringComparer.Ordinal), g.Select(d => d.Cursor)));
            if (failing == 0) Assert.All(done, d => Assert.Equal(DeliveryState.Delivered, d.State));
            if (feed.Length > 0) Assert.Equal(feed[^1].Cursor, queue.Cursor);
        }, iter: 300);

    /// <summary>Changes that were kept no more: it is told once, after all that came before and before all that comes after.</summary>
    [Fact]
    public void That_changes_are_kept_no_more_is_told_in_its_place() =>
        Gen.Select(Gen.Int[1, 4].Array[0, 30], Gen.Int[1, 4].Array[0, 30], Gen.Int[0, 99].Array[1, 50], Gen.Int[0, 60]).Sample((before, after, luck, failing) =>
        {
            var last = new string('0', 15) + "0";
            var first = before.Select((item, i) => Change(i + 1, item)).ToArray();
            var second = after.Select((item, i) => Change(i + 101, item)).ToArray();
            var queue = new WebhookQueue { Cursor = last }.Take("w", first, null).PassExpired("w", $"{100:x16}", Noon);
            Assert.Equal(($"{100:x16}", $"{first.Length:x16}", $"{100:x16}"), (queue.Cursor, queue.Expired!.From, queue.Expired.To));
            queue = queue.Take("w", second, null);
            var (now, turn, done) = (Noon, 0, new List<QueuedDelivery>());
            while (queue.Waiting.Count > 0)
            {
                var due = queue.DueAt(Nothing, now);
                if (due.Count == 0) now = queue.NextAttemptAt(Nothing)!.Value;
                if (due.Any(d => d.Expired is not null)) Assert.Single(due);
                foreach (var delivery in due)
                {
                    queue = queue.After(delivery.Id, Answer(luck[turn++ % luck.Length] < failing ? 500 : 200, now), Schedule, (turn % 10) / 10.0, null);
                    if (queue.Find(delivery.Id) is { State: not DeliveryState.Waiting } settled) done.Add(settled);
                }
            }
            var at = done.FindIndex(d => d.Expired is not null);
            Assert.Equal(first.Length, at);
            Assert.All(done[..at], d => Assert.True(d.Change!.Revision <= 100));
            Assert.All(done[(at + 1)..], d => Assert.True(d.Change!.Revision > 100));
            Assert.Equal(first.Length + 1 + second.Length, done.Select(d => d.Id).Distinct().Count());
        }, iter: 300);

    [Fact]
    public void A_delivery_that_fails_holds_back_its_item_and_no_other()
    {
        var queue = new WebhookQueue().Take("w", [Change(1, 1), Change(2, 2), Change(3, 1), Change(4, 2)], null);
        var first = queue.DueAt(Nothing, Noon);
        Assert.Equal([1L, 2L], first.Select(d => d.Change!.Revision));
        queue = queue.After(first[0].Id, Answer(500, Noon), Schedule, 0.5, null).After(first[1].Id, Answer(204, Noon), Schedule, 0.5, null);
        Assert.Equal([4L], queue.DueAt(Nothing, Noon).Select(d => d.Change!.Revision));
        Assert.Equal([1L], queue.DueAt(new HashSet<string> { queue.Waiting[2].Id }, Noon.AddSeconds(2)).Select(d => d.Change!.Revision));
        queue = queue.After(first[0].Id, Answer(500, Noon.AddMinutes(6)), Schedule, 0.5, null);
        Assert.Equal(DeliveryState.Failed, queue.Find(first[0].Id)!.State);
        Assert.Equal([3L, 4L], queue.DueAt(Nothing, Noon).Select(d => d.Change!.Revision));
    }

    [Fact]
    public void When_all_wait_the_feed_keeps_the_rest()
    {
        var feed = Enumerable.Range(1, 150).Select(i => Change(i, i)).ToArray();
        var queue = new WebhookQueue().Take("w", feed, null);
        Assert.Equal((WebhookLimits.Waiting, 0, feed[99].Cursor), (queue.Waiting.Count, queue.Room, queue.Cursor));
        Assert.Equal(queue.Cursor, queue.Take("w", feed[100..], null).Cursor);
        queue = queue.After(queue.Waiting[7].Id, Answer(200, Noon), Schedule, 0.5, null).Take("w", feed[100..], null);
        Assert.Equal((WebhookLimits.Waiting, feed[100].Cursor), (queue.Waiting.Count, queue.Cursor));
    }

    [Fact]
    public void A_settled_delivery_that_is_tried_again_keeps_its_place_and_what_was_delivered_stays_so()
    {
        var queue = new WebhookQueue().Take("w", [Change(1, 1), Change(2, 2)], null);
        var (a, b) = (queue.Waiting[0].Id, queue.Waiting[1].Id);
        queue = queue.After(a, Answer(200, Noon), Schedule, 0.5, null).After(b, Answer(500, Noon), Schedule, 0.5, null).After(b, Answer(500, Noon.AddHours(1)), Schedule, 0.5, null);
        queue = queue.After(a, Answer(500, Noon), Schedule, 0.5, null).After(b, Answer(500, Noon), Schedule, 0.5, null);
        Assert.Equal([(DeliveryState.Failed, 3, 500), (DeliveryState.Delivered, 2, 500)], queue.Before(long.MaxValue, 10).Select(d => (d.State, d.Attempts, d.Answer!.Status!.Value)));
        queue = queue.After(b, Answer(200, Noon), Schedule, 0.5, null);
        Assert.Equal([(DeliveryState.Delivered, 4)], queue.Before(long.MaxValue, 1).Select(d => (d.State, d.Attempts)));
        Assert.Equal([a], queue.Before(1, 10).Select(d => d.Id));
    }

    [Fact]
    public void The_id_of_a_message_follows_from_the_change_and_the_webhook()
    {
        var ids = new[] { ("a", "1"), ("a", "2"), ("b", "1"), ("a", "1") }.Select(k => WebhookMessage.IdOf(k.Item1, k.Item2)).ToArray();
        Assert.Equal(ids[0], ids[3]);
        Assert.Equal(3, ids.Distinct().Count());
        Assert.All(ids, id => Assert.Matches("^msg_[0-9a-f]{32}$", id));
    }

    [Fact]
    public void The_message_that_changes_are_kept_no_more_says_between_which_cursors()
    {
        var expired = new ExpiredChanges { From = "0000000000000003", To = "0000000000000009", At = Noon };
        Assert.Equal(
            """{"type":"dataset.changes_expired","timestamp":"2026-11-22T12:00:00Z","data":{"dataset":"films","from":"0000000000000003","to":"0000000000000009"}}""",
            System.Text.Encoding.UTF8.GetString(WebhookMessage.Of("films", expired)));
        Assert.NotEqual(WebhookMessage.IdOf("w", expired), WebhookMessage.IdOf("w", expired with { To = "000000000000000a" }));
    }

    [Fact]
    public void A_message_says_what_the_feed_says()
    {
        var body = WebhookMessage.Of("films", QueuedChange.Of(Change(7, 3, ChangeKind.UploadOpened) with { Path = "ä.png" }));
        Assert.Equal(
            """{"type":"item.upload_opened","timestamp":"2026-11-22T12:00:00Z","data":{"dataset":"films","cursor":"0000000000000007","item":"item3","path":"ä.png","kind":"upload_opened","revision":7,"by":"ann"}}""",
            System.Text.Encoding.UTF8.GetString(body));
    }
}
