using Edna.Changes;
using Edna.Datasets;
using Edna.Imports;
using Edna.Items;
using Edna.Jobs;
using Edna.Keys;
using Edna.Silo.Tests.Cluster;
using Xunit;

namespace Edna.Silo.Tests.Imports;

public sealed class ImportTests(EdnaCluster edna) : IClassFixture<EdnaCluster>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Objects_become_items_where_they_lie_and_a_second_run_changes_nothing()
    {
        var lake = await Lake.MakeAsync(edna);
        await lake.PutAsync("cats/1.jpg", "one");
        await lake.PutAsync("cats/2.PNG", "three");
        await lake.PutAsync("cats/", "");
        await lake.PutAsync("cats//3.jpg", "no path");
        await lake.PutAsync("notes", "no extension");
        await lake.PutAsync($"labels/{ItemId.FromPath("cats/1.jpg")}/1.json", "{}");

        var job = await lake.ImportAsync();
        Assert.Equal((JobStatus.Succeeded, 5L, 5L), (job.Status, job.Progress.Done, job.Progress.Total));
        Assert.Equal("""{"registered":3,"unchanged":0,"updated":0,"skipped":{"import.folder":1,"import.path_invalid":1}}""", job.Result!.Value.Text);
        Assert.Contains("cats//3.jpg", Assert.Single(job.Errors), StringComparison.Ordinal);
        Assert.EndsWith("[import.path_invalid]", job.Errors[0], StringComparison.Ordinal);

        var item = await lake.ItemAsync("cats/1.jpg");
        Assert.Equal((ItemStatus.Available, 3L, "image/jpeg", 1L, 1L, "ann"), (item.Status, item.Size, item.ContentType, item.Revision, item.ContentRevision, item.CreatedBy));
        var stored = await lake.HeadAsync("cats/1.jpg");
        Assert.Equal(stored!.LastModified, item.CreatedAt);
        Assert.Equal("image/png", (await lake.ItemAsync("cats/2.PNG")).ContentType);
        Assert.Equal("application/octet-stream", (await lake.ItemAsync("notes")).ContentType);
        var changes = (await edna.Table.ReadChangesAsync(lake.Dataset, null, 100, Ct))!.Changes;
        Assert.Equal(3, changes.Count(c => c.Kind == ChangeKind.Available));

        var before = await lake.KeysAsync();
        var again = await lake.ImportAsync();
        Assert.Equal("""{"registered":0,"unchanged":3,"updated":0,"skipped":{"import.folder":1,"import.path_invalid":1}}""", again.Result!.Value.Text);
        Assert.Equal(before, await lake.KeysAsync());
        Assert.Equal(changes.Count, (await edna.Table.ReadChangesAsync(lake.Dataset, null, 100, Ct))!.Changes.Count);
    }

    [Fact]
    public async Task What_its_owner_has_put_in_the_place_of_registered_bytes_outlives_the_item()
    {
        var lake = await Lake.MakeAsync(edna);
        await lake.PutAsync("a.txt", "registered");
        await lake.ImportAsync();
        await lake.PutAsync("a.txt", "the owner's own, later");
        await EdnaCluster.Good(edna.Item(lake.Dataset, "a.txt").PurgeAsync(null, "ann"));
        Assert.Equal("the owner's own, later", System.Text.Encoding.UTF8.GetString(await lake.ReadAsync("a.txt")));
    }

    [Fact]
    public async Task The_page_in_the_bucket_names_what_was_registered()
    {
        var lake = await Lake.MakeAsync(edna);
        var decomposed = "cafe\u0301.jpg";
        await lake.PutAsync(decomposed, "one");
        await lake.PutAsync("plain.txt", "two");
        var job = await lake.ImportAsync();
        var page = ImportPage.Read(await lake.ReadAsync($"imports/{job.Id}/00000001.json"));
        Assert.Equal((job.Id, job.CreatedAt, "ann"), (page.Job, page.At, page.By));
        Assert.Equal([decomposed, "plain.txt"], page.Objects.Select(o => o.Key));
        Assert.Equal(["caf\u00e9.jpg", null], page.Objects.Select(o => o.Path));
        Assert.All(page.Objects, o => Assert.Equal((3L, (long?)null), (o.Size, o.Revision)));
        var head = await lake.HeadAsync("plain.txt");
        Assert.Equal((head!.ETag, head.LastModified, "text/plain"), (page.Objects[1].ETag, page.Objects[1].LastModified, page.Objects[1].ContentType));
    }

    [Theory]
    [InlineData("cats/", 2)]
    [InlineData("raw/set/cats/", 2)]
    [InlineData("cats/1", 1)]
    [InlineData("raw/set/", 3)]
    [InlineData("", 3)]
    [InlineData(null, 3)]
    [InlineData("raw/", 0)]
    public async Task A_prefix_may_be_whole_or_relative_to_the_root_and_never_leads_out_of_it(string? prefix, int registered)
    {
        var lake = await Lake.MakeAsync(edna, "raw/set/");
        foreach (var key in (string[])["cats/1", "cats/2", "dogs/1"]) await lake.PutAsync(key, "x");
        await edna.Store.WriteAsync(new(EdnaCluster.OtherBucket, $"{lake.Unique}raw/other/secret"), "x"u8.ToArray(), "text/plain", false, Ct);
        var job = await lake.ImportAsync(prefix is null ? null : prefix.StartsWith("raw/set/", StringComparison.Ordinal) ? lake.Unique + prefix : prefix);
        Assert.Equal(registered, Lake.Count(job, "registered"));
    }

    [Fact]
    public async Task An_object_that_changed_is_taken_over_by_its_item()
    {
        var lake = await Lake.MakeAsync(edna);
        await lake.PutAsync("a.txt", "one");
        await lake.PutAsync("b.txt", "same");
        await lake.ImportAsync();
        await lake.PutAsync("a.txt", "longer", contentType: "text/markdown");
        var job = await lake.ImportAsync();
        Assert.Equal("""{"registered":0,"unchanged":1,"updated":1,"skipped":{}}""", job.Result!.Value.Text);
        var item = await lake.ItemAsync("a.txt");
        Assert.Equal((ItemStatus.Available, 6L, 2L, "text/markdown"), (item.Status, item.Size, item.ContentRevision, item.ContentType));
        Assert.Equal(2, Assert.Single(ImportPage.Read(await lake.ReadAsync($"imports/{job.Id}/00000001.json")).Objects).Revision);
        Assert.Equal(2, Lake.Count(await lake.ImportAsync(), "unchanged"));
    }

    [Fact]
    public async Task What_was_uploaded_or_lies_in_the_trash_is_left_alone_and_reported()
    {
        var lake = await Lake.MakeAsync(edna);
        foreach (var key in (string[])["trashed", "uploaded", "failed", "pending", "purged"]) await lake.PutAsync(key, "from the lake");
        await lake.ImportAsync("trashed");
        await EdnaCluster.Good(edna.Item(lake.Dataset, "trashed").TrashAsync(null, "ann"));
        await lake.UploadAsync("uploaded");
        foreach (var path in (string[])["failed", "pending"]) await EdnaCluster.Good(edna.Item(lake.Dataset, path).PlanAsync(EdnaCluster.Announce(path), "ann"));
        await EdnaCluster.Good(edna.Item(lake.Dataset, "failed").AbortUploadAsync("ann"));
        await lake.ImportAsync("purged");
        await EdnaCluster.Good(edna.Item(lake.Dataset, "purged").PurgeAsync(null, "ann"));
        await lake.PutAsync("purged", "back again");

        var job = await lake.ImportAsync();
        Assert.Equal("""{"registered":3,"unchanged":0,"updated":0,"skipped":{"item.trashed":1,"import.path_taken":1}}""", job.Result!.Value.Text);
        Assert.Equal((2L, 2), (job.ErrorCount, job.Errors.Count));
        Assert.Equal("hello", await lake.DownloadKeyOfAsync("uploaded"));
        foreach (var path in (string[])["failed", "pending", "purged"]) Assert.Equal(ItemStatus.Available, (await lake.ItemAsync(path)).Status);
        Assert.Equal("upload.aborted", (await lake.ItemAsync("pending")).Failure?.Code);
        Assert.Equal("upload.aborted", await EdnaCluster.CodeOf(edna.Item(lake.Dataset, "pending").CompleteAsync(null, "ann")));
        Assert.Equal(ItemStatus.Trashed, (await lake.ItemAsync("trashed")).Status);
        Assert.Equal(3, Lake.Count(await lake.ImportAsync(), "unchanged"));
    }

    [Fact]
    public async Task With_details_tags_metadata_and_type_come_from_the_object_and_a_later_run_brings_them_to_what_was_there()
    {
        var lake = await Lake.MakeAsync(edna);
        await lake.PutAsync("a.bin", "one", contentType: "model/stl", metadata: [new("camera", "left"), new("edna-by", "nobody")]);
        await lake.TagAsync("a.bin", new() { ["weather"] = "rain", ["edna:label:cat"] = "1" });
        await lake.ImportAsync();
        Assert.Equal(("application/octet-stream", 0, null), ((await lake.ItemAsync("a.bin")).ContentType, (await lake.ItemAsync("a.bin")).Tags.Count, (await lake.ItemAsync("a.bin")).Metadata));

        var job = await lake.ImportAsync(details: true);
        Assert.Equal(1, Lake.Count(job, "updated"));
        var item = await lake.ItemAsync("a.bin");
        Assert.Equal(("model/stl", """{"camera":"left"}""", 1L), (item.ContentType, item.Metadata?.Text, item.ContentRevision));
        Assert.Equal([new("weather", "rain")], item.Tags);
        var named = Assert.Single(ImportPage.Read(await lake.ReadAsync($"imports/{job.Id}/00000001.json")).Objects);
        Assert.Equal(("model/stl", """{"camera":"left"}""", "rain"), (named.ContentType, named.Metadata?.Text, named.Tags!["weather"]));
        Assert.Equal(1, Lake.Count(await lake.ImportAsync(details: true), "unchanged"));

        // What a user changed since is the user's: the object cannot have changed its metadata without changing itself.
        await EdnaCluster.Good(edna.Item(lake.Dataset, "a.bin").PatchAsync(new("""{"metadata":null}"""), null, "ann"));
        Assert.Equal(1, Lake.Count(await lake.ImportAsync(details: true), "unchanged"));
        Assert.Null((await lake.ItemAsync("a.bin")).Metadata);
    }

    [Fact]
    public async Task Tags_and_labels_go_to_the_object_itself_and_lose_none_that_lay_there_unseen()
    {
        var lake = await Lake.MakeAsync(edna);
        await lake.PutAsync("a.txt", "one");
        await lake.TagAsync("a.txt", new() { ["owner"] = "lidar" });
        await lake.ImportAsync();
        await EdnaCluster.Good(edna.Item(lake.Dataset, "a.txt").PutLabelsAsync(Lake.Cat, null, "ann"));
        Assert.Equal("edna:label:cat=1 owner=lidar", await lake.TagsAsync("a.txt"));
        await EdnaCluster.Good(edna.Item(lake.Dataset, "a.txt").MergeTagsAsync(new Dictionary<string, string?> { ["weather"] = "rain" }, null, "ann"));
        Assert.Equal("edna:label:cat=1 owner=lidar weather=rain", await lake.TagsAsync("a.txt"));
        Assert.Equal(["owner", "weather"], (await lake.ItemAsync("a.txt")).Tags.Keys.Order());
        Assert.Contains($"labels/{ItemId.FromPath("a.txt")}/1.json", await lake.KeysAsync());

        // Written over by somebody else, its tags are gone; the labels' come back with the import that takes it over.
        await lake.PutAsync("a.txt", "other");
        await lake.ImportAsync();
        Assert.Equal("edna:label:cat=1", await lake.TagsAsync("a.txt"));
    }

    [Fact]
    public async Task An_item_in_place_goes_to_the_trash_and_back_and_its_permanent_removal_removes_the_object()
    {
        var lake = await Lake.MakeAsync(edna);
        await lake.PutAsync("a.txt", "one");
        await lake.ImportAsync();
        await EdnaCluster.Good(edna.Item(lake.Dataset, "a.txt").TrashAsync(null, "ann"));
        await EdnaCluster.Good(edna.Item(lake.Dataset, "a.txt").RestoreAsync(null, "ann"));
        Assert.Contains("/a.txt?", (await EdnaCluster.Good(edna.Item(lake.Dataset, "a.txt").GetDownloadAsync(false))).Url, StringComparison.Ordinal);
        await EdnaCluster.Good(edna.Item(lake.Dataset, "a.txt").PurgeAsync(null, "ann"));
        Assert.Null(await lake.HeadAsync("a.txt"));
    }

    [Fact]
    public async Task An_upload_takes_the_place_of_a_content_in_place_and_both_go_with_the_item()
    {
        var lake = await Lake.MakeAsync(edna);
        await lake.PutAsync("a.txt", "one");
        await lake.ImportAsync();
        await lake.UploadAsync("a.txt", attempt: 2);
        Assert.Equal("hello", await lake.DownloadKeyOfAsync("a.txt"));
        Assert.Equal(1, Lake.Count(await lake.ImportAsync(), "skipped", "import.path_taken"));
        await EdnaCluster.Good(edna.Item(lake.Dataset, "a.txt").PurgeAsync(null, "ann"));
        Assert.DoesNotContain(await lake.KeysAsync(), k => k.StartsWith("a.txt", StringComparison.Ordinal) || k.StartsWith("items/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Kinds_and_prefixes_that_cannot_be_are_refused()
    {
        var lake = await Lake.MakeAsync(edna);
        Assert.Equal("import.kind_unavailable", await EdnaCluster.CodeOf(lake.StartAsync(new() { Kind = "labels", Format = "coco" })));
        foreach (var request in (CreateImport[])[new(), new() { Kind = "magic" }, new() { Kind = "prefix", Prefix = "/a" }, new() { Kind = "prefix", Prefix = "a\nb" },
            new() { Kind = "prefix", Prefix = new('x', 1025) }, new() { Kind = "prefix", Format = "coco" }])
            Assert.Equal("request.invalid", await EdnaCluster.CodeOf(lake.StartAsync(request)));
        Assert.Equal("dataset.not_found", await EdnaCluster.CodeOf(
            edna.Grains.GetGrain<IJobGrain>("default/import-none").StartImportAsync("none", new() { Kind = "prefix" }, "ann")));
        Assert.Equal("job.not_found", await EdnaCluster.CodeOf(edna.Grains.GetGrain<IJobGrain>("default/import-none").GetAsync()));
    }

    [Fact]
    public async Task A_datasets_purge_removes_what_is_ednas_own_and_leaves_what_was_there_before()
    {
        var lake = await Lake.MakeAsync(edna);
        foreach (var key in (string[])["a.txt", "items/mine.txt", "labels/readme", "imports/import-x/note"]) await lake.PutAsync(key, "mine");
        await lake.ImportAsync();
        await lake.UploadAsync("b.txt");
        await EdnaCluster.Good(edna.Item(lake.Dataset, "a.txt").PutLabelsAsync(Lake.Cat, null, "ann"));
        await EdnaCluster.Good(edna.Item(lake.Dataset, "a.txt").PatchAsync(new("""{"split":"train"}"""), null, "ann"));
        var job = await lake.EndOfAsync(await EdnaCluster.Good(edna.Grains.GetGrain<IDatasetGrain>(lake.Dataset.ToString()).PurgeAsync(null, "ann")));
        Assert.Equal((JobStatus.Succeeded, 5L, 5L), (job.Status, job.Progress.Done, job.Progress.Total));
        Assert.Equal("""{"items":5,"kept":4}""", job.Result!.Value.Text);
        Assert.Equal(["a.txt", "imports/import-x/note", "items/mine.txt", "labels/readme"], await lake.KeysAsync());
        Assert.Equal("mine", System.Text.Encoding.UTF8.GetString(await lake.ReadAsync("a.txt")));
    }
}
