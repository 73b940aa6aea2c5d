using System.Text;
using Edna.Datasets;
using Edna.Items;
using Edna.Labels;
using Edna.Objects;
using Edna.Silo.Tests.Cluster;
using Xunit;

namespace Edna.Silo.Tests.Labels;

public sealed class LabelGrainTests(EdnaCluster edna) : IClassFixture<EdnaCluster>
{
    private static readonly AnnotationSource Ann = new() { Kind = "human", Name = "ann" };
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static PutLabels Labels(params string[] classes) =>
        new() { Annotations = [.. classes.Select(c => new Annotation { Kind = AnnotationKind.Classification, Class = c, Source = Ann })] };

    private async Task<(Edna.Keys.DatasetKey Dataset, IItemGrain Item)> ItemAsync(CreateDataset? dataset = null)
    {
        var key = await edna.CreateDatasetAsync(dataset);
        await edna.UploadAsync(key, "a");
        return (key, edna.Item(key, "a"));
    }

    [Fact]
    public async Task Each_write_is_a_revision_and_the_history_keeps_them_all()
    {
        var (_, item) = await ItemAsync();
        await EdnaCluster.Good(item.PutLabelsAsync(Labels("cat"), 0, "ann"));
        await EdnaCluster.Good(item.PutLabelsAsync(Labels("cat", "dog"), 1, "bob"));
        await EdnaCluster.Good(item.ReviewLabelsAsync(new() { Decision = "approve", Comment = "fine" }, 2, "eve"));
        await EdnaCluster.Good(item.DeleteLabelsAsync(3, "ann"));
        Assert.Equal("labels.not_found", await EdnaCluster.CodeOf(item.GetLabelsAsync()));
        var history = await EdnaCluster.Good(item.GetLabelHistoryAsync(null, 100));
        Assert.Equal([4L, 3, 2, 1], history.Items.Select(e => e.Revision));
        Assert.Equal(["ann", "eve", "bob", "ann"], history.Items.Select(e => e.By));
        Assert.Equal((LabelStatus.Approved, "fine"), (history.Items[1].Status, history.Items[1].Comment));
        Assert.Single((await EdnaCluster.Good(item.GetLabelRevisionAsync(1))).Annotations);
        var page = await EdnaCluster.Good(item.GetLabelHistoryAsync(4, 2));
        Assert.Equal([3L, 2], page.Items.Select(e => e.Revision));
        Assert.Equal(2, page.Before);
    }

    [Fact]
    public async Task A_stale_label_revision_is_refused_and_writes_nothing()
    {
        var (_, item) = await ItemAsync();
        await EdnaCluster.Good(item.PutLabelsAsync(Labels("cat"), 0, "ann"));
        Assert.Equal("labels.revision_conflict", await EdnaCluster.CodeOf(item.PutLabelsAsync(Labels("dog"), 0, "bob")));
        Assert.Equal("cat", (await EdnaCluster.Good(item.GetLabelsAsync())).Annotations[0].Class);
    }

    [Fact]
    public async Task A_repeated_write_whose_answer_was_lost_answers_the_same()
    {
        var (_, item) = await ItemAsync();
        var first = await EdnaCluster.Good(item.PutLabelsAsync(Labels("cat"), 0, "ann"));
        var again = await EdnaCluster.Good(item.PutLabelsAsync(Labels("cat"), 0, "ann"));
        Assert.Equal((first.Revision, first.At), (again.Revision, again.At));
    }

    [Fact]
    public async Task A_document_that_a_crash_left_in_the_bucket_is_taken_over_before_the_next_is_written()
    {
        var (dataset, item) = await ItemAsync();
        var id = EdnaCluster.KeyOf(dataset, "a").ItemId;
        await EdnaCluster.Good(item.PutLabelsAsync(Labels("cat"), 0, "ann"));
        var left = $$$"""{"item":"{{{id}}}","revision":2,"status":"draft","annotations":[{"kind":"classification","class":"left","source":{"kind":"human","name":"bob"}}],"at":"2026-01-01T00:00:00+00:00","by":"bob"}""";
        await edna.Store.WriteAsync(new ObjectKeys(edna.Store.Prefix, dataset, null).Labels(id, 2), Encoding.UTF8.GetBytes(left), "application/json", true, Ct);

        Assert.Equal("labels.revision_conflict", await EdnaCluster.CodeOf(item.PutLabelsAsync(Labels("dog"), 1, "ann")));
        Assert.Equal("left", (await EdnaCluster.Good(item.GetLabelsAsync())).Annotations[0].Class);
        var next = await EdnaCluster.Good(item.PutLabelsAsync(Labels("dog"), 2, "ann"));
        Assert.Equal(3, next.Revision);
    }

    [Fact]
    public async Task Classes_stand_in_the_objects_tags_beside_the_users()
    {
        var (dataset, item) = await ItemAsync();
        await EdnaCluster.Good(item.SetTagsAsync(new Dictionary<string, string> { ["k"] = "v" }, null, "ann"));
        var document = await EdnaCluster.Good(item.PutLabelsAsync(Labels("cat", "cat", "big & small"), 0, "ann"));
        Assert.Equal(["big & small"], document.NotInTags);
        var content = new ObjectKeys(edna.Store.Prefix, dataset, null).Content(EdnaCluster.KeyOf(dataset, "a").ItemId, 1);
        Assert.Equal(new Dictionary<string, string> { ["k"] = "v", ["edna:label:cat"] = "2" }, await edna.Store.GetTagsAsync(content, Ct));
        await EdnaCluster.Good(item.DeleteLabelsAsync(null, "ann"));
        Assert.Equal(new Dictionary<string, string> { ["k"] = "v" }, await edna.Store.GetTagsAsync(content, Ct));
    }

    [Fact]
    public async Task A_changed_schema_holds_at_once()
    {
        var (dataset, item) = await ItemAsync(new() { LabelSchema = new() { Classes = [new() { Name = "cat" }] } });
        Assert.Equal("labels.invalid", await EdnaCluster.CodeOf(item.PutLabelsAsync(Labels("dog"), null, "ann")));
        await EdnaCluster.Good(edna.Grains.GetGrain<IDatasetGrain>(dataset.ToString())
            .PatchAsync(new("""{"labelSchema":{"classes":[{"name":"dog"}]}}"""), null, "ann"));
        await EdnaCluster.Good(item.PutLabelsAsync(Labels("dog"), null, "ann"));
    }
}
