using System.Text;
using Edna.Items;
using Edna.Keys;
using Edna.Labels;
using Edna.Objects;
using Edna.Scrub;
using Edna.Silo.Tests.Cluster;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Edna.Silo.Tests.Scrub;

public sealed class ScrubTests(EdnaCluster edna) : IClassFixture<EdnaCluster>, IAsyncLifetime
{
    private DatasetKey dataset;
    private ObjectKeys keys = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        dataset = await edna.CreateDatasetAsync();
        keys = new(edna.Store.Prefix, dataset, null);
        foreach (var path in new[] { "a", "b", "c" }) await edna.UploadAsync(dataset, path);
        await EdnaCluster.Good(edna.Item(dataset, "a").SetTagsAsync(new Dictionary<string, string> { ["k"] = "v" }, null, "ann"));
        await EdnaCluster.Good(edna.Item(dataset, "b").PatchAsync(new("""{"metadata":{"n":1}}"""), null, "ann"));
        await EdnaCluster.Good(edna.Item(dataset, "b").PutLabelsAsync(new() { Annotations = [] }, null, "ann"));
        await EdnaCluster.Good(edna.Item(dataset, "c").TrashAsync(null, "ann"));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static string Id(string path) => ItemId.FromPath(path);

    private async Task<ScrubCheckpoint> ScrubAsync(ScrubOptions? options = null)
    {
        var result = new ScrubCheckpoint();
        await edna.Services.GetRequiredService<BucketScrub>().RunAsync(result, options ?? new() { OlderThan = TimeSpan.Zero, Deep = true }, dataset, _ => { }, Ct);
        return result;
    }

    /// <summary>Found as it is, mended, and not found again.</summary>
    private async Task FoundAndMendedAsync(string kind)
    {
        var found = await ScrubAsync();
        Assert.Equal([KeyValuePair.Create(kind, 1L)], found.Found);
        Assert.Empty(found.Repaired);
        var mended = await ScrubAsync(new() { OlderThan = TimeSpan.Zero, Deep = true, Repair = true, RemoveUnknown = true });
        Assert.Equal([KeyValuePair.Create(kind, 1L)], mended.Repaired);
        Assert.Empty((await ScrubAsync()).Details);
    }

    private Task<bool> WriteAsync(ObjectLocation at, string body) => edna.Store.WriteAsync(at, Encoding.UTF8.GetBytes(body), "text/plain", false, Ct).AsTask();

    [Fact]
    public async Task Nothing_is_found_where_nothing_is_wrong()
    {
        await edna.UploadAsync(dataset, "again", EdnaCluster.Announce("again"));
        await EdnaCluster.Good(edna.Item(dataset, "again").PlanAsync(EdnaCluster.Announce("again"), "ann"));
        await edna.ArriveAsync(dataset, "again", "hallo", 2);
        await EdnaCluster.Good(edna.Item(dataset, "again").CompleteAsync(null, "ann"));
        await EdnaCluster.Good(edna.Item(dataset, "gone").PlanAsync(EdnaCluster.Announce("gone"), "ann"));
        await EdnaCluster.Good(edna.Item(dataset, "b").PurgeAsync(null, "ann"));
        var result = await ScrubAsync();
        Assert.Empty(result.Details);
        Assert.Equal((0, true), (result.Total, result.Items >= 4));
    }

    [Fact]
    public async Task A_content_that_is_gone_fails_its_item()
    {
        await edna.Store.DeleteAsync(null, [keys.Content(Id("a"), 1).Key], Ct);
        await FoundAndMendedAsync(FindingKinds.Missing);
        Assert.Equal("object.missing", (await EdnaCluster.Good(edna.Item(dataset, "a").GetAsync(false))).Failure!.Code);
    }

    [Fact]
    public async Task A_content_that_is_back_makes_its_item_available_again()
    {
        await edna.Store.DeleteAsync(null, [keys.Content(Id("a"), 1).Key], Ct);
        await edna.Item(dataset, "a").ObserveAsync("test");
        await edna.ArriveAsync(dataset, "a", "hello");
        await edna.Store.SetTagsAsync(keys.Content(Id("a"), 1), new Dictionary<string, string> { ["k"] = "v" }, Ct);
        var mended = await ScrubAsync(new() { OlderThan = TimeSpan.Zero, Repair = true });
        Assert.Equal(1, mended.Repaired[FindingKinds.Returned]);
        Assert.Equal(ItemStatus.Available, (await EdnaCluster.Good(edna.Item(dataset, "a").GetAsync(false))).Status);
    }

    [Fact]
    public async Task A_content_that_was_overwritten_fails_its_item()
    {
        await WriteAsync(keys.Content(Id("a"), 1), "other");
        await FoundAndMendedAsync(FindingKinds.Overwritten);
    }

    [Fact]
    public async Task Tags_that_others_set_are_taken_over()
    {
        await edna.Store.SetTagsAsync(keys.Content(Id("a"), 1), new Dictionary<string, string> { ["k"] = "other" }, Ct);
        Assert.Empty((await ScrubAsync(new() { OlderThan = TimeSpan.Zero })).Details);
        await FoundAndMendedAsync(FindingKinds.Retagged);
        Assert.Equal("other", (await EdnaCluster.Good(edna.Item(dataset, "a").GetAsync(false))).Tags["k"]);
    }

    [Fact]
    public async Task Bytes_that_arrived_are_confirmed()
    {
        await EdnaCluster.Good(edna.Item(dataset, "new").PlanAsync(EdnaCluster.Announce("new"), "ann"));
        await edna.ArriveAsync(dataset, "new", "hello");
        await FoundAndMendedAsync(FindingKinds.Arrived);
        Assert.Equal(ItemStatus.Available, (await EdnaCluster.Good(edna.Item(dataset, "new").GetAsync(false))).Status);
    }

    [Fact]
    public async Task A_label_document_whose_row_was_not_written_is_taken_over()
    {
        var document = new LabelDocument { Item = Id("b"), Revision = 2, Status = LabelStatus.Submitted, Annotations = [], At = DateTimeOffset.UnixEpoch, By = "lea" };
        var json = System.Text.Json.JsonSerializer.Serialize(document, System.Text.Json.JsonSerializerOptions.Web);
        await WriteAsync(keys.Labels(Id("b"), 2), json);
        await FoundAndMendedAsync(FindingKinds.LabelsNewer);
        Assert.Equal((2L, "lea"), ((await EdnaCluster.Good(edna.Item(dataset, "b").GetAsync(false))).LabelRevision, (await EdnaCluster.Good(edna.Item(dataset, "b").GetLabelsAsync())).By));
    }

    [Fact]
    public async Task A_label_document_that_is_gone_is_told_and_cannot_be_mended()
    {
        await edna.Store.DeleteAsync(null, [keys.Labels(Id("b"), 1).Key], Ct);
        var result = await ScrubAsync(new() { OlderThan = TimeSpan.Zero, Repair = true });
        Assert.Equal((1, 0), (result.Found[FindingKinds.LabelsMissing], result.Repaired.Count));
    }

    [Theory, InlineData("""{"path":"b","revision":9,"contentRevision":1,"split":"x","at":"2026-01-01T00:00:00Z"}"""), InlineData("broken"), InlineData(null)]
    public async Task An_item_document_that_says_otherwise_or_is_gone_is_written_anew(string? body)
    {
        if (body is null) await edna.Store.DeleteAsync(null, [keys.Item(Id("b")).Key], Ct);
        else await WriteAsync(keys.Item(Id("b")), body);
        await FoundAndMendedAsync(FindingKinds.DocumentStale);
    }

    [Fact]
    public async Task An_item_document_that_a_crash_left_without_a_row_is_removed()
    {
        await WriteAsync(keys.Item(Id("a")), """{"path":"a","revision":3,"contentRevision":1,"trashedAt":"2026-01-01T00:00:00Z","at":"2026-01-01T00:00:00Z"}""");
        await FoundAndMendedAsync(FindingKinds.DocumentStale);
        Assert.Null(await edna.Store.HeadAsync(keys.Item(Id("a")), Ct));
    }

    [Fact]
    public async Task The_object_of_an_attempt_that_was_given_up_is_removed_and_the_content_and_what_it_superseded_are_not()
    {
        await EdnaCluster.Good(edna.Item(dataset, "a").PlanAsync(EdnaCluster.Announce("a"), "ann"));
        await EdnaCluster.Good(edna.Item(dataset, "a").AbortUploadAsync("ann"));
        await edna.ArriveAsync(dataset, "a", "hello", 2);
        Assert.Empty((await ScrubAsync(new() { Deep = true })).Details);
        await FoundAndMendedAsync(FindingKinds.Orphan);
        Assert.NotNull(await edna.Store.HeadAsync(keys.Content(Id("a"), 1), Ct));
    }

    [Fact]
    public async Task Objects_of_an_item_that_was_removed_are_removed()
    {
        await EdnaCluster.Good(edna.Item(dataset, "a").PurgeAsync(null, "ann"));
        await edna.ArriveAsync(dataset, "a", "hello", 1);
        await WriteAsync(keys.Labels(Id("a"), 1), "{}");
        await FoundAndMendedAsync(FindingKinds.Orphan);
        Assert.Null(await edna.Store.HeadAsync(keys.Labels(Id("a"), 1), Ct));
    }

    [Fact]
    public async Task Objects_of_an_unknown_item_are_removed_only_when_that_is_asked_for()
    {
        await edna.ArriveAsync(dataset, "lost", "hello");
        Assert.Empty((await ScrubAsync(new() { OlderThan = TimeSpan.Zero, Repair = true })).Repaired);
        await FoundAndMendedAsync(FindingKinds.Unknown);
    }

    [Fact]
    public async Task A_multipart_upload_that_no_item_owns_is_aborted()
    {
        var put = new ObjectPut { Size = 5, ContentType = "text/plain" };
        await edna.Store.CreateMultipartAsync(keys.Content(Id("a"), 7), put, Ct);
        Assert.Empty((await ScrubAsync(new())).Details);
        await FoundAndMendedAsync(FindingKinds.Multipart);
    }

    [Fact]
    public async Task What_is_none_of_ednas_own_is_told_and_left()
    {
        await WriteAsync(new(null, $"{keys.Root}items/readme.txt"), "hi");
        var result = await ScrubAsync(new() { OlderThan = TimeSpan.Zero, Repair = true, RemoveUnknown = true });
        Assert.Equal((1, 0), (result.Found[FindingKinds.Stray], result.Repaired.Count));
        Assert.NotNull(await edna.Store.HeadAsync(new(null, $"{keys.Root}items/readme.txt"), Ct));
    }
}
