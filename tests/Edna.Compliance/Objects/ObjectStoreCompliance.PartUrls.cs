using Xunit;

namespace Edna.Objects;

public abstract partial class ObjectStoreCompliance
{
    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task A_part_of_another_length_is_refused(int difference)
    {
        var upload = await OpenAsync(Jpeg(Bytes(1_000)));
        var signed = Store.PresignPart(upload.At, upload.UploadId, 1, 1_000, Soon);
        Assert.Empty(signed.Headers);
        await AssertPartRefusedAsync(upload, await SendAsync(HttpMethod.Put, signed, Bytes(1_000 + difference)));
    }

    [Theory]
    [InlineData("partNumber=1&", "partNumber=2&")]
    [InlineData("/object?", "/0bject?")]
    [InlineData("X-Amz-Expires=", "X-Amz-Expires=1")]
    [InlineData("SignedHeaders=content-length%3B", "SignedHeaders=")]
    public async Task A_tampered_url_of_a_part_is_refused(string text, string other)
    {
        var upload = await OpenAsync(Jpeg(Bytes(10)));
        var signed = Store.PresignPart(upload.At, upload.UploadId, 1, 10, Soon);
        var url = signed.Url.Replace(text, other, StringComparison.Ordinal);
        Assert.NotEqual(signed.Url, url);
        await AssertPartRefusedAsync(upload, await SendAsync(HttpMethod.Put, signed, Bytes(10), url: url));
    }

    [Fact]
    public async Task A_part_url_does_not_do_for_another_upload_nor_for_the_object()
    {
        var upload = await OpenAsync(Jpeg(Bytes(10)));
        var other = await OpenAsync(Jpeg(Bytes(10)), upload.At);
        var signed = Store.PresignPart(upload.At, upload.UploadId, 1, 10, Soon);
        var moved = signed.Url.Replace(Uri.EscapeDataString(upload.UploadId), Uri.EscapeDataString(other.UploadId), StringComparison.Ordinal);
        Assert.NotEqual(signed.Url, moved);
        await AssertPartRefusedAsync(other, await SendAsync(HttpMethod.Put, signed, Bytes(10), url: moved));
        var whole = signed.Url.Replace($"&uploadId={Uri.EscapeDataString(upload.UploadId)}", "", StringComparison.Ordinal)
            .Replace("&partNumber=1", "", StringComparison.Ordinal).Replace("?partNumber=1&", "?", StringComparison.Ordinal);
        Assert.DoesNotContain("partNumber", whole, StringComparison.Ordinal);
        await AssertRefusedAsync(await SendAsync(HttpMethod.Put, signed, Bytes(10), url: whole), 403, upload.At);
    }

    [Fact]
    public async Task An_expired_url_of_a_part_is_refused()
    {
        var upload = await OpenAsync(Jpeg(Bytes(10)));
        var past = DateTimeOffset.UtcNow.AddMinutes(-10);
        var signed = harness.StoreAt(new StoppedClock(past)).PresignPart(upload.At, upload.UploadId, 1, 10, past.AddMinutes(9));
        await AssertPartRefusedAsync(upload, await SendAsync(HttpMethod.Put, signed, Bytes(10)));
    }

    [Fact]
    public async Task A_url_of_a_part_works_again_until_it_expires()
    {
        var upload = await OpenAsync(Jpeg(Bytes(10)));
        var signed = Store.PresignPart(upload.At, upload.UploadId, 10_000, 10, Soon);
        foreach (var seed in new[] { 1, 2 })
        {
            using var answer = await SendAsync(HttpMethod.Put, signed, Bytes(10, seed));
            Assert.Equal(200, (int)answer.StatusCode);
        }
        Assert.Equal(10_000, Assert.Single((await upload.PartsAsync())!).PartNumber);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10_001)]
    public void Only_numbers_that_parts_can_have_are_signed(int number) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Store.PresignPart(NewPlace(), "any", number, 10, Soon));

    private async Task AssertPartRefusedAsync(Upload upload, HttpResponseMessage answer)
    {
        using (answer)
        {
            Assert.InRange((int)answer.StatusCode, 400, 403);
            Assert.Contains("<Code>", await answer.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        }
        Assert.Empty((await upload.PartsAsync())!);
    }
}
