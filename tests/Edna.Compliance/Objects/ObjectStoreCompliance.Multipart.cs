using System.Security.Cryptography;
using Xunit;

namespace Edna.Objects;

public abstract partial class ObjectStoreCompliance
{
    private const int LeastPart = 5 << 20;

    [Fact]
    public async Task Parts_in_any_order_make_one_object_with_all_that_was_declared()
    {
        var body = Bytes((2 * LeastPart) + 1_000);
        var put = Jpeg(body) with
        {
            Checksum = ChecksumOf("sha256", body),
            Tags = new Dictionary<string, string> { ["edna:class"] = "cat + dog" },
            Metadata = [new("edna-path", "cats/a%20b.jpg")],
        };
        var upload = await OpenAsync(put);
        var last = await upload.SendAsync(3, body[(2 * LeastPart)..]);
        var first = await upload.SendAsync(1, body[..LeastPart]);
        var second = await upload.SendAsync(2, body[LeastPart..(2 * LeastPart)]);
        Assert.Equal([first, second, last], (await upload.PartsAsync())!.Select(part => new ObjectPart(part.PartNumber, part.ETag)));
        Assert.Equal([LeastPart, LeastPart, 1_000L], (await upload.PartsAsync())!.Select(part => part.Size));
        Assert.Null(await Store.HeadAsync(upload.At, Ct));

        Assert.Equal(new MultipartOutcome(MultipartResult.Completed), await upload.CompleteAsync(first, second, last));

        var head = await Store.HeadAsync(upload.At, Ct);
        Assert.NotNull(head);
        Assert.Equal(body.Length, head.Size);
        Assert.Equal("image/jpeg", head.ContentType);
        Assert.Equal("cats/a%20b.jpg", head.Metadata["edna-path"]);
        Assert.InRange(head.LastModified, DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddMinutes(5));
        var digests = new[] { first, second, last }.SelectMany(part => Convert.FromHexString(part.ETag)).ToArray();
        Assert.Equal($"{Convert.ToHexStringLower(MD5.HashData(digests))}-3", head.ETag);
        Assert.All(head.Checksums, one => Assert.Equal(ChecksumOf(one.Key, body).Value, one.Value));
        Assert.Equal(body, await Store.ReadAsync(upload.At, Ct));
        if (Store.Capabilities.TagsOnMultipartCreate) Assert.Equal(put.Tags, await Store.GetTagsAsync(upload.At, Ct));
        using var answer = await SendAsync(HttpMethod.Get, Store.PresignGet(upload.At, null, Soon));
        Assert.Equal(body, await answer.Content.ReadAsByteArrayAsync(Ct));
    }

    [Fact]
    public async Task A_part_sent_again_takes_the_place_of_the_first()
    {
        var upload = await OpenAsync(Jpeg(Bytes(1_000)));
        var first = await upload.SendAsync(1, Bytes(1_000, seed: 1));
        var second = await upload.SendAsync(1, Bytes(1_000, seed: 2));
        Assert.Equal(second.ETag, Assert.Single((await upload.PartsAsync())!).ETag);
        Assert.Equal(MultipartResult.PartsRefused, (await upload.CompleteAsync(first)).Result);
        Assert.Equal(MultipartResult.Completed, (await upload.CompleteAsync(second)).Result);
        Assert.Equal(Bytes(1_000, seed: 2), await Store.ReadAsync(upload.At, Ct));
    }

    [Fact]
    public async Task An_object_of_one_empty_part_is_empty()
    {
        var upload = await OpenAsync(Jpeg([]));
        Assert.Equal(MultipartResult.Completed, (await upload.CompleteAsync(await upload.SendAsync(1, []))).Result);
        Assert.Equal(0, (await Store.HeadAsync(upload.At, Ct))!.Size);
    }

    [Fact]
    public async Task More_parts_than_a_page_are_listed()
    {
        var upload = await OpenAsync(Jpeg(Bytes(1_050)));
        Assert.Empty((await upload.PartsAsync())!);
        await Parallel.ForEachAsync(Enumerable.Range(1, 1_050), new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Ct },
            async (number, _) => await upload.SendAsync(number, new byte[] { (byte)number }));
        var parts = await upload.PartsAsync();
        Assert.Equal(Enumerable.Range(1, 1_050), parts!.Select(part => part.PartNumber));
        Assert.All(parts!, part => Assert.Equal(Convert.ToHexStringLower(MD5.HashData(new[] { (byte)part.PartNumber })), part.ETag));
        await upload.AbortAsync();
        Assert.Null(await upload.PartsAsync());
    }

    [Fact]
    public async Task Parts_that_are_not_those_the_store_has_are_refused_and_the_upload_stays_open()
    {
        var body = Bytes(LeastPart + 10);
        var upload = await OpenAsync(Jpeg(body));
        var first = await upload.SendAsync(1, body[..LeastPart]);
        var second = await upload.SendAsync(2, body[LeastPart..]);
        ObjectPart[][] wrong =
        [
            [first, second with { ETag = first.ETag }],
            [first, second with { ETag = "0" }],
            [second, first],
            [first, first],
            [first, second, new(3, second.ETag)],
            [new(0, first.ETag), second],
            [first, new(10_001, second.ETag)],
            [first],
        ];
        foreach (var parts in wrong)
        {
            var refused = await upload.CompleteAsync(parts);
            Assert.Equal(MultipartResult.PartsRefused, refused.Result);
            Assert.Matches("^(InvalidPart|InvalidPartOrder|InvalidRequest): ?", refused.Detail);
            Assert.Null(await Store.HeadAsync(upload.At, Ct));
        }
        await Assert.ThrowsAsync<ArgumentException>(async () => await upload.CompleteAsync());
        Assert.Equal(MultipartResult.Completed, (await upload.CompleteAsync(first, second)).Result);
        Assert.Equal(body, await Store.ReadAsync(upload.At, Ct));
    }

    [Fact]
    public async Task A_part_too_small_to_stand_before_another_is_refused()
    {
        var upload = await OpenAsync(Jpeg(Bytes(LeastPart)));
        var first = await upload.SendAsync(1, Bytes(LeastPart - 1));
        var second = await upload.SendAsync(2, Bytes(1));
        var refused = await upload.CompleteAsync(first, second);
        Assert.Equal(MultipartResult.PartsRefused, refused.Result);
        Assert.StartsWith("EntityTooSmall", refused.Detail, StringComparison.Ordinal);
        Assert.Equal(2, (await upload.PartsAsync())!.Count);
    }

    [Fact]
    public async Task What_was_completed_or_aborted_is_no_upload_any_more()
    {
        var completed = await OpenAsync(Jpeg(Bytes(10)));
        var part = await completed.SendAsync(1, Bytes(10));
        Assert.Equal(MultipartResult.Completed, (await completed.CompleteAsync(part)).Result);
        Assert.Equal(MultipartResult.NoSuchUpload, (await completed.CompleteAsync(part)).Result);
        Assert.Null(await completed.PartsAsync());
        await completed.AbortAsync();
        Assert.Equal(Bytes(10), await Store.ReadAsync(completed.At, Ct));

        var aborted = await OpenAsync(Jpeg(Bytes(10)));
        part = await aborted.SendAsync(1, Bytes(10));
        await aborted.AbortAsync();
        await aborted.AbortAsync();
        Assert.Equal(MultipartResult.NoSuchUpload, (await aborted.CompleteAsync(part)).Result);
        Assert.Null(await aborted.PartsAsync());
        using var late = await aborted.TrySendAsync(2, Bytes(10));
        Assert.Equal(404, (int)late.StatusCode);
        Assert.Contains("<Code>NoSuchUpload</Code>", await late.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Null(await Store.HeadAsync(aborted.At, Ct));
    }

    [Fact]
    public async Task What_lies_there_is_not_replaced()
    {
        var at = await StoredAsync(Bytes(10, seed: 1));
        var upload = await OpenAsync(Jpeg(Bytes(10)), at);
        var part = await upload.SendAsync(1, Bytes(10, seed: 2));
        Assert.Equal(MultipartResult.AlreadyThere, (await upload.CompleteAsync(part)).Result);
        Assert.Equal(Bytes(10, seed: 1), await Store.ReadAsync(at, Ct));
        Assert.Single((await upload.PartsAsync())!);
    }

    [Fact]
    public async Task Of_many_who_complete_at_once_nobody_is_told_that_it_failed()
    {
        var upload = await OpenAsync(Jpeg(Bytes(10)));
        var part = await upload.SendAsync(1, Bytes(10));
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            try
            {
                return (MultipartResult?)(await upload.CompleteAsync(part)).Result;
            }
            catch (Results.UnavailableException)
            {
                // Ceph answers those who come while another is at it with 500: what came of it is not known yet.
                return null;
            }
        }, Ct)));
        Assert.Contains(MultipartResult.Completed, outcomes.OfType<MultipartResult>());
        Assert.DoesNotContain(MultipartResult.PartsRefused, outcomes.OfType<MultipartResult>());
        Assert.DoesNotContain(MultipartResult.AlreadyThere, outcomes.OfType<MultipartResult>());
        Assert.Equal(Bytes(10), await Store.ReadAsync(upload.At, Ct));
        Assert.Equal(MultipartResult.NoSuchUpload, (await upload.CompleteAsync(part)).Result);
    }

    [Fact]
    public async Task Open_uploads_are_listed_in_key_order_with_their_time()
    {
        var folder = Guid.NewGuid().ToString("N") + "/";
        var opened = new List<(string Key, string UploadId)>();
        foreach (var key in new[] { "b", "a/2", "a/1", "a b", "ä", "😀" })
            opened.Add((folder + key, await Store.CreateMultipartAsync(new(null, folder + key), Jpeg([]), Ct)));
        opened.Add((folder + "b", await Store.CreateMultipartAsync(new(null, folder + "b"), Jpeg([]), Ct)));

        var listed = await OpenUnderAsync(folder);
        Assert.Equal(opened.OrderBy(one => one.Key, Utf8Order).Select(one => one.Key), listed.Select(one => one.Key));
        Assert.Equal(opened.Order(), listed.Select(one => (one.Key, one.UploadId)).Order());
        Assert.All(listed, one => Assert.InRange(one.InitiatedAt, DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddMinutes(5)));
        Assert.Equal([folder + "a/1", folder + "a/2"], (await OpenUnderAsync(folder + "a/")).Select(one => one.Key));

        foreach (var (key, uploadId) in opened) await Store.AbortMultipartAsync(new(null, key), uploadId, Ct);
        Assert.Empty(await OpenUnderAsync(folder));
    }

    [Fact]
    public async Task An_upload_belongs_to_its_key()
    {
        var upload = await OpenAsync(Jpeg(Bytes(10)));
        var part = await upload.SendAsync(1, Bytes(10));
        var other = upload with { At = NewPlace() };
        Assert.Null(await other.PartsAsync());
        Assert.Equal(MultipartResult.NoSuchUpload, (await other.CompleteAsync(part)).Result);
        await other.AbortAsync();
        Assert.Single((await upload.PartsAsync())!);
        foreach (var id in new[] { "unknown", "../../edna", new string('0', 32), "2~" + new string('A', 31) })
            Assert.Null(await (upload with { UploadId = id }).PartsAsync());
    }

    private async Task<List<OpenMultipart>> OpenUnderAsync(string prefix)
    {
        var open = new List<OpenMultipart>();
        await foreach (var one in Store.ListMultipartsAsync(null, prefix, Ct)) open.Add(one);
        return open;
    }

    private async Task<Upload> OpenAsync(ObjectPut put, ObjectLocation? at = null)
    {
        var place = at ?? NewPlace();
        return new(Store, place, await Store.CreateMultipartAsync(place, put, Ct), put);
    }

    private sealed record Upload(IObjectStore Store, ObjectLocation At, string UploadId, ObjectPut Put)
    {
        public async Task<ObjectPart> SendAsync(int number, byte[] body)
        {
            using var answer = await TrySendAsync(number, body);
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Ct));
            var etag = answer.Headers.ETag!.Tag.Trim('"');
            Assert.Equal(Convert.ToHexStringLower(MD5.HashData(body)), etag);
            return new(number, etag);
        }

        public Task<HttpResponseMessage> TrySendAsync(int number, byte[] body) =>
            ObjectStoreCompliance.SendAsync(HttpMethod.Put, Store.PresignPart(At, UploadId, number, body.Length, Soon), body);

        public async Task<IReadOnlyList<StoredPart>?> PartsAsync() => await Store.ListPartsAsync(At, UploadId, Ct);

        public async Task<MultipartOutcome> CompleteAsync(params ObjectPart[] parts) =>
            await Store.CompleteMultipartAsync(At, UploadId, Put, parts, Ct);

        public async Task AbortAsync() => await Store.AbortMultipartAsync(At, UploadId, Ct);
    }
}
