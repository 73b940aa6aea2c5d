using Edna.Results;
using Xunit;

namespace Edna.Objects;

public abstract partial class ObjectStoreCompliance
{
    [Fact]
    public async Task A_document_is_written_and_read_back()
    {
        var at = NewPlace("dataset.json");
        Assert.True(await Store.WriteAsync(at, "{\"a\":1}"u8.ToArray(), "application/json", onlyIfAbsent: false, Ct));
        Assert.True(await Store.WriteAsync(at, "{\"a\":2}"u8.ToArray(), "application/json", onlyIfAbsent: false, Ct));
        Assert.Equal("{\"a\":2}"u8.ToArray(), await Store.ReadAsync(at, Ct));
        Assert.Equal("application/json", (await Store.HeadAsync(at, Ct))!.ContentType);
    }

    [Fact]
    public async Task Of_many_who_write_only_where_nothing_lies_exactly_one_succeeds()
    {
        for (var round = 0; round < 10; round++)
        {
            var at = NewPlace("labels/1.json");
            var written = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(async () =>
                await Store.WriteAsync(at, new byte[] { (byte)i }, "application/json", onlyIfAbsent: true, Ct), Ct)));
            var winner = Assert.Single(Enumerable.Range(0, 8), i => written[i]);
            Assert.Equal(new[] { (byte)winner }, await Store.ReadAsync(at, Ct));
        }
    }

    [Fact]
    public async Task Of_two_parallel_uploads_by_one_url_exactly_one_succeeds()
    {
        for (var round = 0; round < 10; round++)
        {
            var at = NewPlace();
            var signed = Store.PresignPut(at, Jpeg(Bytes(50_000)), Soon);
            var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => SendAsync(HttpMethod.Put, signed, Bytes(50_000, seed: i))));
            var winner = Assert.Single(Enumerable.Range(0, 4), i => answers[i].IsSuccessStatusCode);
            Assert.All(answers.Where((_, i) => i != winner), answer => Assert.Contains((int)answer.StatusCode, new[] { 409, 412 }));
            Assert.Equal(Bytes(50_000, seed: winner), await Store.ReadAsync(at, Ct));
        }
    }

    [Fact]
    public async Task Tags_are_replaced_whole()
    {
        var at = await StoredAsync(Bytes(10), Jpeg(Bytes(10)) with { Tags = new Dictionary<string, string> { ["first"] = "1" } });
        var tags = new Dictionary<string, string> { ["edna:class"] = "cat", ["a b"] = "c + d = e@f.g/h:_-", ["ä"] = "日本" };
        await Store.SetTagsAsync(at, tags, Ct);
        Assert.Equal(tags.OrderBy(tag => tag.Key, StringComparer.Ordinal), (await Store.GetTagsAsync(at, Ct)).OrderBy(tag => tag.Key, StringComparer.Ordinal));
        await Store.SetTagsAsync(at, new Dictionary<string, string>(), Ct);
        Assert.Empty(await Store.GetTagsAsync(at, Ct));
        Assert.Equal(Bytes(10), await Store.ReadAsync(at, Ct));
    }

    [Fact]
    public async Task A_rewritten_object_does_not_inherit_tags()
    {
        var at = NewPlace();
        await Store.WriteAsync(at, new byte[] { 1 }, "application/json", onlyIfAbsent: false, Ct);
        await Store.SetTagsAsync(at, new Dictionary<string, string> { ["a"] = "b" }, Ct);
        await Store.WriteAsync(at, new byte[] { 2 }, "application/json", onlyIfAbsent: false, Ct);
        Assert.Empty(await Store.GetTagsAsync(at, Ct));
    }

    [Fact]
    public async Task Objects_are_removed_and_what_is_not_there_is_no_fault()
    {
        var first = await StoredAsync(Bytes(10));
        var second = await StoredAsync(Bytes(10));
        var kept = await StoredAsync(Bytes(10));
        await Store.DeleteAsync(null, [first.Key, "never/was/there", second.Key], Ct);
        await Store.DeleteAsync(null, [], Ct);
        Assert.Null(await Store.HeadAsync(first, Ct));
        Assert.Null(await Store.HeadAsync(second, Ct));
        Assert.NotNull(await Store.HeadAsync(kept, Ct));
    }

    [Fact]
    public async Task More_objects_than_a_page_are_listed_and_removed()
    {
        var folder = Guid.NewGuid().ToString("N") + "/";
        var keys = Enumerable.Range(0, 1_050).Select(i => $"{folder}{i:D5}").ToArray();
        await Parallel.ForEachAsync(keys, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Ct },
            async (key, ct) => await Store.WriteAsync(new(null, key), new byte[] { 1 }, "text/plain", onlyIfAbsent: true, ct));
        Assert.Equal(keys, await KeysAsync(folder, null));
        await Store.DeleteAsync(null, keys, Ct);
        Assert.Empty(await KeysAsync(folder, null));
    }

    [Fact]
    public async Task A_listing_tells_size_and_entity_tag_and_starts_after_any_key()
    {
        var folder = Guid.NewGuid().ToString("N") + "/";
        string[] keys = ["a", "a b", "a!", "a/1", "a/2", "a0", "b/1/2/3", "b/1/2/4", "c"];
        foreach (var key in keys) await Store.WriteAsync(new(null, folder + key), new byte[key.Length], "text/plain", onlyIfAbsent: true, Ct);
        var sorted = keys.Order(Utf8Order).Select(key => folder + key).ToArray();
        Assert.Equal(sorted, await KeysAsync(folder, null));
        for (var i = 0; i < sorted.Length; i++) Assert.Equal(sorted[(i + 1)..], await KeysAsync(folder, sorted[i]));
        Assert.Equal(sorted.Where(key => string.CompareOrdinal(key, folder + "a/1a") > 0), await KeysAsync(folder, folder + "a/1a"));
        Assert.Equal([folder + "b/1/2/3", folder + "b/1/2/4"], await KeysAsync(folder + "b/1", null));
        Assert.Equal([folder + "a/1", folder + "a/2"], await KeysAsync(folder + "a/", null));
        await foreach (var listed in Store.ListAsync(null, folder + "a b", null, Ct))
        {
            Assert.Equal(3, listed.Size);
            Assert.Equal((await Store.HeadAsync(new(null, listed.Key), Ct))!.ETag, listed.ETag);
        }
    }

    [Fact]
    public async Task A_store_in_order_passes_its_check() => await Store.CheckAsync(Ct);

    [Fact]
    public async Task A_store_that_does_not_answer_is_unavailable()
    {
        var store = harness.Unreachable;
        var at = NewPlace();
        await Assert.ThrowsAsync<UnavailableException>(async () => await store.CheckAsync(Ct));
        await Assert.ThrowsAsync<UnavailableException>(async () => await store.HeadAsync(at, Ct));
        await Assert.ThrowsAsync<UnavailableException>(async () => await store.ReadAsync(at, Ct));
        await Assert.ThrowsAsync<UnavailableException>(async () => await store.OpenReadAsync(at, Ct));
        await Assert.ThrowsAsync<UnavailableException>(async () => await store.WriteAsync(at, new byte[1], "text/plain", true, Ct));
        await Assert.ThrowsAsync<UnavailableException>(async () => await store.GetTagsAsync(at, Ct));
        await Assert.ThrowsAsync<UnavailableException>(async () => await store.SetTagsAsync(at, new Dictionary<string, string>(), Ct));
        await Assert.ThrowsAsync<UnavailableException>(async () => await store.DeleteAsync(null, [at.Key], Ct));
        await Assert.ThrowsAsync<UnavailableException>(async () =>
        {
            await foreach (var _ in store.ListAsync(null, "", null, Ct)) Assert.Fail("It listed something.");
        });
        const string uploadId = "0123456789abcdef0123456789abcdef";
        await Assert.ThrowsAsync<UnavailableException>(async () => await store.CreateMultipartAsync(at, Jpeg([]), Ct));
        await Assert.ThrowsAsync<UnavailableException>(async () => await store.ListPartsAsync(at, uploadId, Ct));
        await Assert.ThrowsAsync<UnavailableException>(async () => await store.CompleteMultipartAsync(at, uploadId, Jpeg([]), [new(1, "0")], Ct));
        await Assert.ThrowsAsync<UnavailableException>(async () => await store.AbortMultipartAsync(at, uploadId, Ct));
        await Assert.ThrowsAsync<UnavailableException>(async () =>
        {
            await foreach (var _ in store.ListMultipartsAsync(null, "", Ct)) Assert.Fail("It listed something.");
        });
    }

    private async Task<List<string>> KeysAsync(string prefix, string? startAfter)
    {
        var keys = new List<string>();
        await foreach (var listed in Store.ListAsync(null, prefix, startAfter, Ct)) keys.Add(listed.Key);
        return keys;
    }
}
