using System.Net;
using System.Text.Json;
using Edna.Events;
using Edna.Items;
using Edna.Keys;
using Edna.Objects;
using Edna.Silo.Tests.Cluster;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Edna.Silo.Tests.Events;

/// <summary>The consumer against a real queue: nothing is lost, and what cannot be read is put aside.</summary>
public sealed class SqsTests(EdnaCluster edna) : IClassFixture<EdnaCluster>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task Messages_of_every_form_confirm_their_items_and_are_removed()
    {
        await using var sqs = await SqsReferee.CreateAsync(Ct);
        var dataset = await edna.CreateDatasetAsync();
        var paths = Enumerable.Range(0, 60).Select(i => $"{i}.txt").ToArray();
        var documents = new List<string> { """{"Service":"Amazon S3","Event":"s3:TestEvent"}""" };
        foreach (var path in paths) documents.Add(Wrapped(await ArrivedAsync(dataset, path), documents.Count % 2 == 0));
        await sqs.SendAsync(documents.Concat(documents), Ct);
        await using var consumer = await Running.StartAsync(sqs.Options(), edna);
        await Eventually.IsTrueAsync(async () => await sqs.CountAsync(Ct) == 0);
        foreach (var path in paths) Assert.Equal((ItemStatus.Available, 2L), await StateAsync(dataset, path));
    }

    [Fact(Timeout = 120_000)]
    public async Task What_cannot_be_read_goes_to_the_dead_letter_queue_with_its_reason_and_keeps_nothing_up()
    {
        await using var sqs = await SqsReferee.CreateAsync(Ct);
        var dataset = await edna.CreateDatasetAsync();
        await sqs.SendAsync(["poison: not JSON", await ArrivedAsync(dataset, "a")], Ct);
        await using var consumer = await Running.StartAsync(sqs.Options(), edna);
        await Eventually.IsTrueAsync(async () => await sqs.CountAsync(Ct) == 0);
        Assert.Equal((ItemStatus.Available, 2L), await StateAsync(dataset, "a"));
        var dead = await sqs.ReceiveAsync(sqs.DeadLetters, 20, Ct);
        Assert.Equal("poison: not JSON", dead?.Body);
        Assert.Contains("not sound JSON", dead!.MessageAttributes["edna-reason"].StringValue, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task Of_a_message_with_a_malformed_record_the_others_are_taken_and_it_is_put_aside_whole()
    {
        await using var sqs = await SqsReferee.CreateAsync(Ct);
        var dataset = await edna.CreateDatasetAsync();
        var document = (await ArrivedAsync(dataset, "a")).Replace("[{", """[{"eventName":"ObjectCreated:Put"},{""", StringComparison.Ordinal);
        await sqs.SendAsync(document, Ct);
        await using var consumer = await Running.StartAsync(sqs.Options(), edna);
        await Eventually.IsTrueAsync(async () => await sqs.CountAsync(Ct) == 0);
        Assert.Equal((ItemStatus.Available, 2L), await StateAsync(dataset, "a"));
        var dead = await sqs.ReceiveAsync(sqs.DeadLetters, 20, Ct);
        Assert.Equal(document, dead?.Body);
        Assert.Contains("'Records[0]'", dead!.MessageAttributes["edna-reason"].StringValue, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task While_the_store_is_away_events_stay_in_the_queue_and_are_worked_off_later()
    {
        await using var sqs = await SqsReferee.CreateAsync(Ct);
        var dataset = await edna.CreateDatasetAsync();
        await sqs.SendAsync(await ArrivedAsync(dataset, "a", withEtag: false), Ct);
        await using var consumer = await Running.StartAsync(sqs.Options(), edna, start: false);
        using (edna.StoreOutage.Begin())
        {
            await consumer.StartAsync();
            await Eventually.IsTrueAsync(() => edna.StoreOutage.Refused > 0);
            Assert.Equal(1, await sqs.CountAsync(Ct));
        }
        await Eventually.IsTrueAsync(async () => await sqs.CountAsync(Ct) == 0);
        Assert.Equal((ItemStatus.Available, 2L), await StateAsync(dataset, "a"));
    }

    [Fact(Timeout = 120_000)]
    public async Task While_a_large_objects_checksum_is_computed_its_message_is_held_and_the_others_go_on()
    {
        // Given back once, a message of this queue is in the dead-letter queue when it is received again.
        await using var sqs = await SqsReferee.CreateAsync(Ct, receives: 1);
        var dataset = await edna.CreateDatasetAsync();
        await sqs.SendAsync(await ArrivedAsync(dataset, "large", withEtag: false), Ct);
        var options = sqs.Options(visibility: TimeSpan.FromSeconds(3));
        options.Consumers = 1;
        await using var consumer = await Running.StartAsync(options, edna, start: false);
        using (var held = edna.StoreOutage.Hold())
        {
            await consumer.StartAsync();
            await held.Reached.WaitAsync(Ct);
            await sqs.SendAsync(await ArrivedAsync(dataset, "small"), Ct);
            await Eventually.IsTrueAsync(async () => (await StateAsync(dataset, "small")).Item1 == ItemStatus.Available);
            Assert.Null(await sqs.ReceiveAsync(sqs.Queue, 8, Ct));
            Assert.Equal(ItemStatus.Pending, (await StateAsync(dataset, "large")).Item1);
        }
        await Eventually.IsTrueAsync(async () => await sqs.CountAsync(Ct) == 0);
        Assert.Equal((ItemStatus.Available, 2L), await StateAsync(dataset, "large"));
        Assert.Null(await sqs.ReceiveAsync(sqs.DeadLetters, 1, Ct));
    }

    [Fact(Timeout = 120_000)]
    public async Task More_than_can_be_held_come_again_and_none_is_lost()
    {
        await using var sqs = await SqsReferee.CreateAsync(Ct);
        var dataset = await edna.CreateDatasetAsync();
        var paths = Enumerable.Range(0, HeldMessages.Most + 10).Select(i => $"{i}.txt").ToArray();
        var documents = new List<string>();
        foreach (var path in paths) documents.Add(await ArrivedAsync(dataset, path, withEtag: false));
        await sqs.SendAsync(documents, Ct);
        var options = sqs.Options();
        options.Consumers = 8;
        await using var consumer = await Running.StartAsync(options, edna, start: false);
        using (edna.StoreOutage.Hold())
        {
            await consumer.StartAsync();
            await Eventually.IsTrueAsync(() => edna.StoreOutage.Waiting == paths.Length);
        }
        await Eventually.IsTrueAsync(async () => await sqs.CountAsync(Ct) == 0);
        foreach (var path in paths) Assert.Equal((ItemStatus.Available, 2L), await StateAsync(dataset, path));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_message_that_takes_long_stays_hidden_from_others_and_is_given_back_when_the_process_stops()
    {
        await using var sqs = await SqsReferee.CreateAsync(Ct);
        var dataset = await edna.CreateDatasetAsync();
        await sqs.SendAsync(await ArrivedAsync(dataset, "a", withEtag: false), Ct);
        var options = sqs.Options(visibility: TimeSpan.FromSeconds(3));
        // One only: a poll that is cut off may still be given the message, to nobody's use, until it shows up again.
        options.Consumers = 1;
        await using var consumer = await Running.StartAsync(options, edna, start: false);
        using var held = edna.StoreOutage.Hold();
        await consumer.StartAsync();
        await held.Reached.WaitAsync(Ct);
        Assert.Null(await sqs.ReceiveAsync(sqs.Queue, 8, Ct));
        await consumer.StopAsync();
        Assert.NotNull(await sqs.ReceiveAsync(sqs.Queue, 20, Ct));
    }

    private async Task<string> ArrivedAsync(DatasetKey dataset, string path, bool withEtag = true)
    {
        await EdnaCluster.Good(edna.Item(dataset, path).PlanAsync(EdnaCluster.Announce(path), "ann"));
        await edna.ArriveAsync(dataset, path, "hello");
        var at = new ObjectKeys(edna.Store.Prefix, dataset, null).Content(ItemId.FromPath(path), 1);
        return JsonSerializer.Serialize(new
        {
            Records = new[]
            {
                new
                {
                    eventSource = "aws:s3", eventName = "ObjectCreated:Put",
                    s3 = new { bucket = new { name = edna.Store.Bucket }, @object = new { key = WebUtility.UrlEncode(at.Key), size = 5, eTag = withEtag ? "e" : null } },
                },
            },
        });
    }

    private static string Wrapped(string document, bool wrap) => wrap ? JsonSerializer.Serialize(new { Type = "Notification", Message = document }) : document;

    private async Task<(ItemStatus, long)> StateAsync(DatasetKey dataset, string path)
    {
        var item = await EdnaCluster.Good(edna.Item(dataset, path).GetAsync(false));
        return (item.Status, item.Revision);
    }

    /// <summary>A consumer as the host would run it.</summary>
    private sealed class Running(SqsEventConsumer consumer) : IAsyncDisposable
    {
        public static async Task<Running> StartAsync(SqsEventOptions options, EdnaCluster edna, bool start = true)
        {
            var running = new Running(new(new SqsEventQueue(options), edna.Grains, options, TimeProvider.System, NullLogger<SqsEventConsumer>.Instance));
            if (start) await running.StartAsync();
            return running;
        }

        public Task StartAsync() => consumer.StartedAsync(Ct);

        public Task StopAsync() => consumer.StoppingAsync(CancellationToken.None);

        public async ValueTask DisposeAsync()
        {
            await StopAsync();
            consumer.Dispose();
        }
    }
}
