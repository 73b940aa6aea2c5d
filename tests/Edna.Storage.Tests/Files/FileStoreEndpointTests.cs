using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Edna.Objects;
using Edna.Storage.Signing;
using Xunit;

namespace Edna.Storage.Files;

public sealed class FileStoreEndpointTests(FileStoreHarness harness) : IClassFixture<FileStoreHarness>
{
    private static readonly HttpClient Http = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Timeout = 30_000)]
    public async Task A_client_that_breaks_off_leaves_nothing()
    {
        var ct = TestContext.Current.CancellationToken;
        var at = new ObjectLocation(null, Guid.NewGuid().ToString("N"));
        var signed = harness.Store.PresignPut(at, new() { Size = 1_000_000, ContentType = "image/jpeg" }, DateTimeOffset.UtcNow.AddMinutes(1));
        var url = new Uri(signed.Url);
        using (var client = new TcpClient())
        {
            await client.ConnectAsync(url.Host, url.Port, Ct);
            var head = $"PUT {url.PathAndQuery} HTTP/1.1\r\nHost: {url.Authority}\r\nContent-Type: image/jpeg\r\nIf-None-Match: *\r\nContent-Length: 1000000\r\n\r\n";
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head), Ct);
            await client.GetStream().WriteAsync(new byte[200_000], Ct);
            await UntilAsync(() => Arriving().Any(file => file.Length > 0), ct);
            client.Client.LingerState = new LingerOption(true, 0);
        }
        await UntilAsync(() => !Arriving().Any(), ct);
        Assert.Null(await harness.Store.HeadAsync(at, Ct));

        using var again = new HttpRequestMessage(HttpMethod.Put, signed.Url) { Content = new ByteArrayContent(new byte[1_000_000]) };
        again.Content.Headers.ContentType = new("image/jpeg");
        again.Headers.TryAddWithoutValidation("if-none-match", "*");
        using var answer = await Http.SendAsync(again, Ct);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task A_body_of_untold_length_is_refused()
    {
        var signed = harness.Files.PresignPut(new(null, "untold"), new() { Size = 3, ContentType = "image/jpeg" }, DateTimeOffset.UtcNow.AddMinutes(1));
        using var request = new HttpRequestMessage(HttpMethod.Put, signed.Url) { Content = new ByteArrayContent(new byte[3]) };
        request.Headers.TransferEncodingChunked = true;
        request.Content.Headers.ContentType = new("image/jpeg");
        request.Headers.TryAddWithoutValidation("if-none-match", "*");
        using var answer = await Http.SendAsync(request, Ct);
        Assert.Equal(HttpStatusCode.LengthRequired, answer.StatusCode);
        Assert.Contains("<Code>MissingContentLength</Code>", await answer.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10001", "0123456789abcdef0123456789abcdef", 400, "InvalidArgument")]
    [InlineData("0", "0123456789abcdef0123456789abcdef", 400, "InvalidArgument")]
    [InlineData("1", null, 400, "InvalidArgument")]
    [InlineData(null, "0123456789abcdef0123456789abcdef", 400, "InvalidArgument")]
    [InlineData("1", "0123456789abcdef0123456789abcdef", 404, "NoSuchUpload")]
    [InlineData("1", "../edna", 404, "NoSuchUpload")]
    public async Task A_part_that_cannot_be_is_refused_although_its_url_is_signed(string? number, string? uploadId, int status, string code)
    {
        var signer = new SigV4Presigner(StoreKey.Region, StoreKey.Read(harness.Data));
        var query = new List<KeyValuePair<string, string>>();
        if (number is not null) query.Add(new("partNumber", number));
        if (uploadId is not null) query.Add(new("uploadId", uploadId));
        var url = signer.Presign(new PresignRequest
        {
            Method = "PUT",
            Address = BucketAddress.PathStyle(new Uri(harness.Address.BaseUri!, "store"), "edna"),
            Key = "a",
            Query = CollectionsMarshal.AsSpan(query),
            SignedAt = DateTimeOffset.UtcNow,
            Lifetime = 60,
        });
        using var answer = await Http.PutAsync(url, new ByteArrayContent(new byte[3]), Ct);
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Contains($"<Code>{code}</Code>", await answer.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_part_with_another_digest_than_its_sender_says_is_refused()
    {
        var at = new ObjectLocation(null, Guid.NewGuid().ToString("N"));
        var uploadId = await harness.Store.CreateMultipartAsync(at, new() { Size = 3, ContentType = "image/jpeg" }, Ct);
        using var request = new HttpRequestMessage(HttpMethod.Put, harness.Store.PresignPart(at, uploadId, 1, 3, DateTimeOffset.UtcNow.AddMinutes(1)).Url);
        request.Content = new ByteArrayContent(new byte[3]);
        request.Content.Headers.ContentMD5 = new byte[16];
        using var answer = await Http.SendAsync(request, Ct);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("<Code>BadDigest</Code>", await answer.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Empty((await harness.Store.ListPartsAsync(at, uploadId, Ct))!);
    }

    [Fact]
    public async Task A_page_of_any_origin_may_use_a_signed_url()
    {
        using var preflight = new HttpRequestMessage(HttpMethod.Options, new Uri(harness.Address.BaseUri!, "store/edna/any"));
        preflight.Headers.Add("Origin", "https://label.example.com");
        preflight.Headers.Add("Access-Control-Request-Method", "PUT");
        preflight.Headers.Add("Access-Control-Request-Headers", "content-type,if-none-match,x-amz-meta-path");
        using var allowed = await Http.SendAsync(preflight, Ct);
        Assert.True(allowed.IsSuccessStatusCode);
        Assert.Equal("*", Assert.Single(allowed.Headers.GetValues("Access-Control-Allow-Origin")));
        Assert.Contains("PUT", Assert.Single(allowed.Headers.GetValues("Access-Control-Allow-Methods")), StringComparison.Ordinal);
        Assert.Equal("content-type,if-none-match,x-amz-meta-path", Assert.Single(allowed.Headers.GetValues("Access-Control-Allow-Headers")));

        using var answer = await Http.GetAsync(harness.Store.PresignGet(new(null, "missing"), null, DateTimeOffset.UtcNow.AddMinutes(1)).Url, Ct);
        Assert.Contains("ETag", Assert.Single(answer.Headers.GetValues("Access-Control-Expose-Headers")), StringComparison.Ordinal);
        Assert.Equal("*", Assert.Single(answer.Headers.GetValues("Access-Control-Allow-Origin")));
    }

    [Theory]
    [InlineData("DELETE")]
    [InlineData("POST")]
    public async Task Nothing_but_signed_requests_is_answered(string method)
    {
        using var request = new HttpRequestMessage(new(method), new Uri(harness.Address.BaseUri!, "store/edna/any"));
        using var answer = await Http.SendAsync(request, Ct);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains("<Code>AccessDenied</Code>", await answer.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dataset_can_have_a_bucket_of_its_own()
    {
        var own = new ObjectLocation("another-bucket", "a/b.json");
        Assert.True(await harness.Store.WriteAsync(own, new byte[] { 1 }, "application/json", onlyIfAbsent: true, Ct));
        Assert.Null(await harness.Store.HeadAsync(own with { Bucket = null }, Ct));
        var url = harness.Store.PresignGet(own, null, DateTimeOffset.UtcNow.AddMinutes(1)).Url;
        Assert.Contains("/store/another-bucket/a/b.json?", url, StringComparison.Ordinal);
        Assert.Equal([1], await Http.GetByteArrayAsync(url, Ct));
    }

    private IEnumerable<FileInfo> Arriving() => new DirectoryInfo(harness.Data.At("objects/.incoming"))
        .EnumerateFiles("*", SearchOption.AllDirectories).Where(file => file.Name != ".lock");

    /// <summary>Yields to the server until a state is reached; the test's own time limit ends a wait in vain.</summary>
    private static async Task UntilAsync(Func<bool> reached, CancellationToken ct)
    {
        while (!reached())
        {
            ct.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
