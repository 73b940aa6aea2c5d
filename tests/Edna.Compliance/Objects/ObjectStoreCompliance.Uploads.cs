using Xunit;

namespace Edna.Objects;

public abstract partial class ObjectStoreCompliance
{
    [Fact]
    public async Task A_signed_upload_stores_the_bytes_with_all_that_was_declared()
    {
        var body = Bytes(100_000);
        var at = NewPlace();
        var put = Jpeg(body) with
        {
            Tags = new Dictionary<string, string> { ["edna:class"] = "cat + dog", ["by"] = "a@b.c" },
            Metadata = [new("path", "cats/001.jpg"), new("uploader", "key:me  twice")],
        };

        var signed = Store.PresignPut(at, put, Soon);
        using var answer = await SendAsync(HttpMethod.Put, signed, body);

        Assert.Equal(200, (int)answer.StatusCode);
        Assert.DoesNotContain("content-length", signed.Headers.Keys);
        Assert.DoesNotContain("host", signed.Headers.Keys);
        var head = await Store.HeadAsync(at, Ct);
        Assert.NotNull(head);
        Assert.Equal(body.Length, head.Size);
        Assert.Equal("image/jpeg", head.ContentType);
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.MD5.HashData(body)), head.ETag);
        Assert.Equal($"\"{head.ETag}\"", answer.Headers.ETag?.Tag);
        Assert.Equal("cats/001.jpg", head.Metadata["path"]);
        Assert.InRange(head.LastModified, DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddMinutes(5));
        Assert.Equal(body, await Store.ReadAsync(at, Ct));
        Assert.Equal(put.Tags.OrderBy(tag => tag.Key), (await Store.GetTagsAsync(at, Ct)).OrderBy(tag => tag.Key));
    }

    [Fact]
    public async Task An_empty_object_can_be_uploaded()
    {
        var at = await StoredAsync([]);
        Assert.Equal(0, (await Store.HeadAsync(at, Ct))!.Size);
    }

    [Fact]
    public async Task Any_key_can_be_uploaded_downloaded_and_listed()
    {
        var folder = Guid.NewGuid().ToString("N") + "/";
        foreach (var key in OddKeys)
        {
            var at = new ObjectLocation(null, folder + key);
            var body = System.Text.Encoding.UTF8.GetBytes(key);
            using var put = await SendAsync(HttpMethod.Put, Store.PresignPut(at, Jpeg(body), Soon), body);
            Assert.True(put.IsSuccessStatusCode, $"PUT '{key}': {put.StatusCode} {await put.Content.ReadAsStringAsync(Ct)}");
            using var get = await SendAsync(HttpMethod.Get, Store.PresignGet(at, null, Soon));
            Assert.True(get.IsSuccessStatusCode, $"GET '{key}': {get.StatusCode}");
            Assert.Equal(body, await get.Content.ReadAsByteArrayAsync(Ct));
        }
        var listed = await KeysAsync(folder, null);
        Assert.Equal(OddKeys.Order(Utf8Order).Select(key => folder + key), listed);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task A_body_of_another_length_is_refused(int difference)
    {
        var at = NewPlace();
        var signed = Store.PresignPut(at, Jpeg(Bytes(1000)), Soon);
        await AssertRefusedAsync(await SendAsync(HttpMethod.Put, signed, Bytes(1000 + difference)), 403, at);
    }

    [Fact]
    public async Task Another_content_type_is_refused()
    {
        var at = NewPlace();
        var signed = Store.PresignPut(at, Jpeg(Bytes(10)), Soon);
        await AssertRefusedAsync(await SendAsync(HttpMethod.Put, signed, Bytes(10), headers => headers["content-type"] = "text/html"), 403, at);
        await AssertRefusedAsync(await SendAsync(HttpMethod.Put, signed, Bytes(10), headers => headers.Remove("content-type")), 403, at);
    }

    [Theory]
    [InlineData("x-amz-tagging", "by=somebody-else")]
    [InlineData("x-amz-tagging", null)]
    [InlineData("x-amz-meta-path", "dogs/666.jpg")]
    [InlineData("x-amz-meta-path", null)]
    [InlineData("if-none-match", null)]
    public async Task A_signed_header_that_is_changed_or_missing_is_refused(string header, string? value)
    {
        var at = NewPlace();
        var put = Jpeg(Bytes(10)) with
        {
            Tags = new Dictionary<string, string> { ["by"] = "me" },
            Metadata = [new("path", "cats/001.jpg")],
        };
        var answer = await SendAsync(HttpMethod.Put, Store.PresignPut(at, put, Soon), Bytes(10), headers =>
        {
            headers.Remove(header);
            if (value is not null) headers[header] = value;
        });
        await AssertRefusedAsync(answer, 403, at);
    }

    [Theory]
    [InlineData("/object?", "/0bject?")]
    [InlineData("X-Amz-Expires=", "X-Amz-Expires=1")]
    [InlineData("X-Amz-Signature=", "X-Amz-Signature=0")]
    [InlineData("SignedHeaders=content-length%3B", "SignedHeaders=")]
    public async Task A_tampered_url_is_refused(string part, string other)
    {
        var at = NewPlace();
        var signed = Store.PresignPut(at, Jpeg(Bytes(10)), Soon);
        var url = signed.Url.Replace(part, other, StringComparison.Ordinal);
        Assert.NotEqual(signed.Url, url);
        using var answer = await SendAsync(HttpMethod.Put, signed, Bytes(10), url: url);
        Assert.InRange((int)answer.StatusCode, 400, 403);
        Assert.Null(await Store.HeadAsync(at, Ct));
        Assert.Null(await Store.HeadAsync(at with { Key = at.Key.Replace("object", "0bject", StringComparison.Ordinal) }, Ct));
    }

    [Fact]
    public async Task A_url_for_one_method_does_not_do_for_another()
    {
        var at = NewPlace();
        await AssertRefusedAsync(await SendAsync(HttpMethod.Put, Store.PresignGet(at, null, Soon), Bytes(10)), 403, at);
    }

    [Fact]
    public async Task An_expired_url_is_refused()
    {
        var at = NewPlace();
        var past = DateTimeOffset.UtcNow.AddMinutes(-10);
        var signed = harness.StoreAt(new StoppedClock(past)).PresignPut(at, Jpeg(Bytes(10)), past.AddMinutes(9));
        await AssertRefusedAsync(await SendAsync(HttpMethod.Put, signed, Bytes(10)), 403, at);

        var there = await StoredAsync(Bytes(10));
        var get = harness.StoreAt(new StoppedClock(past)).PresignGet(there, null, past.AddMinutes(9));
        using var answer = await SendAsync(HttpMethod.Get, get);
        Assert.Equal(403, (int)answer.StatusCode);
    }

    [Fact]
    public void A_url_ends_when_it_was_asked_to_and_not_later()
    {
        var now = new DateTimeOffset(2026, 1, 2, 3, 4, 5, 600, TimeSpan.Zero);
        var store = harness.StoreAt(new StoppedClock(now));
        var signed = store.PresignPut(NewPlace(), Jpeg(Bytes(10)), now.AddSeconds(90.2));
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 3, 5, 35, TimeSpan.Zero), signed.ExpiresAt);
        Assert.Throws<ArgumentOutOfRangeException>(() => store.PresignPut(NewPlace(), Jpeg(Bytes(10)), now));
        Assert.Throws<ArgumentOutOfRangeException>(() => store.PresignPut(NewPlace(), Jpeg(Bytes(10)), now.AddDays(8)));
    }

    [Fact]
    public async Task A_reused_upload_url_cannot_overwrite_the_first_bytes()
    {
        var at = NewPlace();
        var signed = Store.PresignPut(at, Jpeg(Bytes(1000)), Soon);
        using var first = await SendAsync(HttpMethod.Put, signed, Bytes(1000, seed: 1));
        using var second = await SendAsync(HttpMethod.Put, signed, Bytes(1000, seed: 2));
        Assert.Equal(200, (int)first.StatusCode);
        Assert.Equal(412, (int)second.StatusCode);
        Assert.Equal(Bytes(1000, seed: 1), await Store.ReadAsync(at, Ct));
    }

    [Theory]
    [InlineData("md5")]
    [InlineData("sha256")]
    [InlineData("crc64nvme")]
    public async Task Bytes_with_another_checksum_are_refused_where_the_store_says_it_enforces_it(string algorithm)
    {
        Assert.SkipUnless(Store.Capabilities.EnforcedChecksums.Contains(algorithm), $"This store does not enforce {algorithm}.");
        var at = NewPlace();
        var right = Bytes(5000, seed: 1);
        var signed = Store.PresignPut(at, Jpeg(right) with { Checksum = ChecksumOf(algorithm, right) }, Soon);
        var wrong = await SendAsync(HttpMethod.Put, signed, Bytes(5000, seed: 2));
        await AssertRefusedAsync(wrong, 400, at);
        using var accepted = await SendAsync(HttpMethod.Put, signed, right);
        Assert.Equal(200, (int)accepted.StatusCode);
        Assert.Equal(right, await Store.ReadAsync(at, Ct));
    }

    [Theory]
    [InlineData("md5")]
    [InlineData("sha256")]
    [InlineData("crc64nvme")]
    public async Task A_declared_checksum_never_stands_in_the_way_of_the_right_bytes(string algorithm)
    {
        var body = Bytes(5000);
        var at = await StoredAsync(body, Jpeg(body) with { Checksum = ChecksumOf(algorithm, body) });
        var head = await Store.HeadAsync(at, Ct);
        Assert.Equal(ChecksumOf(algorithm, body).Value, head!.Checksums.GetValueOrDefault(algorithm, ChecksumOf(algorithm, body).Value));
    }

    private static Comparer<string> Utf8Order { get; } = Comparer<string>.Create((a, b) =>
        System.Text.Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(System.Text.Encoding.UTF8.GetBytes(b)));
}
