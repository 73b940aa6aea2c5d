using System.Net.Http.Headers;
using Xunit;

namespace Edna.Objects;

public abstract partial class ObjectStoreCompliance
{
    [Fact]
    public async Task A_signed_download_answers_the_bytes_and_what_the_store_knows_of_them()
    {
        var body = Bytes(300_000);
        var at = await StoredAsync(body);
        using var answer = await SendAsync(HttpMethod.Get, Store.PresignGet(at, null, Soon));
        Assert.Equal(200, (int)answer.StatusCode);
        Assert.Equal(body, await answer.Content.ReadAsByteArrayAsync(Ct));
        Assert.Equal("image/jpeg", answer.Content.Headers.ContentType?.ToString());
        Assert.Equal($"\"{(await Store.HeadAsync(at, Ct))!.ETag}\"", answer.Headers.ETag?.Tag);
        Assert.NotNull(answer.Content.Headers.LastModified);
    }

    [Fact]
    public async Task A_download_can_be_given_a_file_name()
    {
        var at = await StoredAsync(Bytes(10));
        const string disposition = "attachment; filename=\"a b.jpg\"; filename*=UTF-8''%C3%A4+b.jpg";
        using var answer = await SendAsync(HttpMethod.Get, Store.PresignGet(at, disposition, Soon));
        Assert.Equal(200, (int)answer.StatusCode);
        Assert.Equal(disposition, Assert.Single(answer.Content.Headers.GetValues("Content-Disposition")));
    }

    [Theory]
    [InlineData(0, 0, 0, 1)]
    [InlineData(10, 19, 10, 10)]
    [InlineData(990, null, 990, 10)]
    [InlineData(990, 5000, 990, 10)]
    [InlineData(null, 7, 993, 7)]
    public async Task A_part_of_an_object_can_be_asked_for(int? from, int? to, int start, int length)
    {
        var body = Bytes(1000);
        var at = await StoredAsync(body);
        using var answer = await GetAsync(at, request => request.Headers.Range = new RangeHeaderValue(from, to));
        Assert.Equal(206, (int)answer.StatusCode);
        Assert.Equal(body[start..(start + length)], await answer.Content.ReadAsByteArrayAsync(Ct));
        Assert.Equal($"bytes {start}-{start + length - 1}/1000", answer.Content.Headers.ContentRange?.ToString());
    }

    [Fact]
    public async Task A_part_beyond_the_end_is_refused()
    {
        var at = await StoredAsync(Bytes(1000));
        using var answer = await GetAsync(at, request => request.Headers.Range = new RangeHeaderValue(1000, null));
        Assert.Equal(416, (int)answer.StatusCode);
    }

    [Fact]
    public async Task A_download_can_depend_on_the_entity_tag()
    {
        var at = await StoredAsync(Bytes(1000));
        var etag = new EntityTagHeaderValue($"\"{(await Store.HeadAsync(at, Ct))!.ETag}\"");
        var other = new EntityTagHeaderValue("\"00000000000000000000000000000000\"");
        Assert.Equal(304, await StatusAsync(at, request => request.Headers.IfNoneMatch.Add(etag)));
        Assert.Equal(200, await StatusAsync(at, request => request.Headers.IfNoneMatch.Add(other)));
        Assert.Equal(200, await StatusAsync(at, request => request.Headers.IfMatch.Add(etag)));
        Assert.Equal(412, await StatusAsync(at, request => request.Headers.IfMatch.Add(other)));
    }

    [Fact]
    public async Task What_is_not_there_is_not_found()
    {
        var at = NewPlace();
        using var answer = await SendAsync(HttpMethod.Get, Store.PresignGet(at, null, Soon));
        Assert.Equal(404, (int)answer.StatusCode);
        Assert.Contains("NoSuchKey", await answer.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Null(await Store.HeadAsync(at, Ct));
        Assert.Null(await Store.ReadAsync(at, Ct));
        Assert.Null(await Store.OpenReadAsync(at, Ct));
    }

    [Fact]
    public async Task An_unsigned_request_is_refused()
    {
        var at = await StoredAsync(Bytes(10));
        var signed = Store.PresignGet(at, null, Soon);
        using var answer = await SendAsync(HttpMethod.Get, signed, url: signed.Url[..signed.Url.IndexOf('?', StringComparison.Ordinal)]);
        Assert.Equal(403, (int)answer.StatusCode);
    }

    [Fact]
    public async Task An_object_opened_for_reading_gives_its_bytes()
    {
        var body = Bytes(300_000);
        var at = await StoredAsync(body);
        await using var stream = await Store.OpenReadAsync(at, Ct);
        using var read = new MemoryStream();
        await stream!.CopyToAsync(read, Ct);
        Assert.Equal(body, read.ToArray());
    }

    private async Task<HttpResponseMessage> GetAsync(ObjectLocation at, Action<HttpRequestMessage> change)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Store.PresignGet(at, null, Soon).Url);
        change(request);
        return await Http.SendAsync(request, Ct);
    }

    private async Task<int> StatusAsync(ObjectLocation at, Action<HttpRequestMessage> change)
    {
        using var answer = await GetAsync(at, change);
        return (int)answer.StatusCode;
    }
}
