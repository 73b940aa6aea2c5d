using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Edna.Keys;
using Edna.Objects;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Edna.Gateway.Tests.Items;

/// <summary>Multipart uploads over HTTP, as a client without any library sees them.</summary>
public abstract class MultipartTests : IAsyncLifetime
{
    private const int MiB = 1 << 20;
    private const int Size = 20 * MiB;
    private static readonly byte[] Bytes = RandomNumberGenerator.GetBytes(Size);
    private readonly HttpClient store = new();
    private RunningGateway gateway = null!;
    private string dataset = "";

    protected abstract Task<RunningGateway> StartAsync();

    public async ValueTask InitializeAsync()
    {
        gateway = await StartAsync();
        dataset = await gateway.NewDatasetAsync();
    }

    public async ValueTask DisposeAsync()
    {
        store.Dispose();
        if (gateway is not null) await gateway.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private IObjectStore Store => gateway.Services.GetRequiredService<IObjectStore>();

    [Fact]
    public async Task Parts_in_any_order_become_the_object_with_its_tags_and_metadata()
    {
        var upload = await PlanAsync("""{"path": "films/a.bin", "contentType": "video/mp4", "size": 20971520, "multipart": true, "tags": {"camera": "1"}, "metadata": {"take": 3}, "split": "train"}""");
        Assert.Equal((8L * MiB, 3, 3), (upload.PartSize, upload.PartCount, upload.Parts.Count));
        foreach (var number in new[] { 3, 1, 2 }) await SendAsync(upload, number);
        var item = await CompleteAsync(upload);
        Assert.Equal(("available", 20971520L, "train"), (item.GetProperty("status").GetString(), item.GetProperty("size").GetInt64(), item.GetProperty("split").GetString()));
        await ShouldHoldAsync(upload, Bytes);
        var at = Location(upload, 1);
        Assert.Equal("1", (await Store.GetTagsAsync(at, TestContext.Current.CancellationToken))["camera"]);
        var head = (await Store.HeadAsync(at, TestContext.Current.CancellationToken))!;
        Assert.Equal(("video/mp4", "films/a.bin", "train"), (head.ContentType, head.Metadata[ObjectFacts.Path], head.Metadata[ObjectFacts.Split]));
        Assert.Equal(await (await CompleteResponseAsync(upload)).Content.ReadAsStringAsync(TestContext.Current.CancellationToken), item.GetRawText());
    }

    [Fact]
    public async Task An_upload_is_resumed_with_nothing_but_the_items_path()
    {
        const string announcement = """{"path": "big.bin", "contentType": "application/octet-stream", "size": 20971520, "multipart": true}""";
        var upload = await PlanAsync(announcement);
        var etag = await SendAsync(upload, 2);
        await ShouldRefuseAsync(upload, "", "upload.parts_missing");

        var found = (await gateway.Admin.GetJsonAsync($"{dataset}/items?path=big.bin")).GetProperty("items")[0].GetProperty("id").GetString();
        var state = await gateway.Admin.GetJsonAsync($"{dataset}/items/{found}/upload");
        var arrived = Assert.Single(state.GetProperty("parts").EnumerateArray());
        Assert.Equal((2, 8L * MiB, etag.Trim('"')), (arrived.GetProperty("partNumber").GetInt32(), arrived.GetProperty("size").GetInt64(), arrived.GetProperty("etag").GetString()));
        Assert.Equal([1, 3], state.GetProperty("upload").GetProperty("parts").EnumerateArray().Select(p => p.GetProperty("partNumber").GetInt32()));

        var again = await PlanAsync(announcement);
        Assert.Equal(upload.UploadId, again.UploadId);
        using var signed = await gateway.Admin.SendAsync("POST", $"{again.Item}/upload/parts", """{"partNumbers": [3, 1]}""");
        var fresh = again with { Parts = PartsOf(await signed.ReadAsync()) };
        Assert.Equal([3, 1], fresh.Parts.Keys);
        List<(int Number, string Etag)> parts = [(2, etag), (1, await SendAsync(fresh, 1)), (3, await SendAsync(fresh, 3))];
        var body = JsonSerializer.Serialize(new { parts = parts.Select(p => new { partNumber = p.Number, etag = p.Etag }) });
        using var completed = await gateway.Admin.SendAsync("POST", $"{again.Item}/upload/complete", body);
        Assert.Equal(HttpStatusCode.OK, completed.StatusCode);
        await ShouldHoldAsync(again, Bytes);
    }

    [Fact]
    public async Task Parts_that_are_not_the_stores_are_refused_and_nothing_is_lost()
    {
        var upload = await PlanAsync();
        for (var number = 1; number <= 3; number++) await SendAsync(upload, number);
        var wrong = new string('0', 32);
        await ShouldRefuseAsync(upload, $$"""{"parts": [{"partNumber": 1, "etag": "{{wrong}}"}, {"partNumber": 2, "etag": "{{wrong}}"}, {"partNumber": 3, "etag": "{{wrong}}"}]}""", "upload.parts_refused");
        await ShouldRefuseAsync(upload, """{"parts": [{"partNumber": 1, "etag": "x"}]}""", "upload.parts_missing");
        await CompleteAsync(upload);
        await ShouldHoldAsync(upload, Bytes);
    }

    [Fact]
    public async Task A_declared_checksum_is_compared_with_the_whole_object()
    {
        var right = await PlanAsync(Announce("right.bin", SHA256.HashData(Bytes)));
        var wrong = await PlanAsync(Announce("wrong.bin", new byte[32]));
        foreach (var upload in new[] { right, wrong })
            for (var number = 1; number <= 3; number++) await SendAsync(upload, number);
        Assert.Equal("available", (await CompleteAsync(right)).GetProperty("status").GetString());
        await ShouldRefuseAsync(wrong, "", "upload.checksum_mismatch");
        Assert.Null(await Store.HeadAsync(Location(wrong, 1), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_completion_whose_answer_was_lost_is_found_done()
    {
        var upload = await PlanAsync();
        for (var number = 1; number <= 3; number++) await SendAsync(upload, number);
        var at = Location(upload, 1);
        var parts = (await Store.ListPartsAsync(at, upload.UploadId, TestContext.Current.CancellationToken))!;
        var put = new ObjectPut { Size = Size, ContentType = "application/octet-stream" };
        var done = await Store.CompleteMultipartAsync(at, upload.UploadId, put, [.. parts.Select(p => new ObjectPart(p.PartNumber, p.ETag))], TestContext.Current.CancellationToken);
        Assert.Equal(MultipartResult.Completed, done.Result);
        var state = await gateway.Admin.GetJsonAsync($"{upload.Item}/upload");
        Assert.Equal((true, 0), (state.GetProperty("inStore").GetBoolean(), state.GetProperty("upload").GetProperty("parts").GetArrayLength()));
        Assert.Equal("available", (await CompleteAsync(upload)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task Two_clients_that_complete_at_once_are_told_the_same()
    {
        var upload = await PlanAsync();
        for (var number = 1; number <= 3; number++) await SendAsync(upload, number);
        var items = await Task.WhenAll(CompleteAsync(upload), CompleteAsync(upload));
        Assert.Equal(items[0].GetRawText(), items[1].GetRawText());
    }

    [Fact]
    public async Task An_upload_that_is_given_up_leaves_nothing_and_can_be_begun_again()
    {
        var upload = await PlanAsync();
        await SendAsync(upload, 1);
        using var aborted = await gateway.Admin.DeleteAsync($"{upload.Item}/upload", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, aborted.StatusCode);
        Assert.Null(await Store.ListPartsAsync(Location(upload, 1), upload.UploadId, TestContext.Current.CancellationToken));
        Assert.NotEqual(upload.UploadId, (await PlanAsync()).UploadId);
    }

    [Fact]
    public async Task An_upload_that_was_aborted_in_the_store_has_failed()
    {
        var upload = await PlanAsync();
        await Store.AbortMultipartAsync(Location(upload, 1), upload.UploadId, TestContext.Current.CancellationToken);
        await ShouldRefuseAsync(upload, "", "upload.aborted");
        Assert.Equal("failed", (await gateway.Admin.GetJsonAsync(upload.Item)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task Looking_at_an_upload_that_was_aborted_in_the_store_tells_so()
    {
        var upload = await PlanAsync();
        await Store.AbortMultipartAsync(Location(upload, 1), upload.UploadId, TestContext.Current.CancellationToken);
        using var refused = await gateway.Admin.GetAsync($"{upload.Item}/upload", TestContext.Current.CancellationToken);
        await refused.ShouldBeProblemAsync(409, "upload.aborted");
        Assert.NotEqual(upload.UploadId, (await PlanAsync()).UploadId);
    }

    [Fact]
    public async Task A_single_upload_has_no_parts()
    {
        var single = await gateway.PlanAsync(dataset, new { path = "small", contentType = "text/plain", size = 5 });
        using var refused = await gateway.Admin.SendAsync("POST", $"{single.Item}/upload/parts", """{"partNumbers": [1]}""");
        await refused.ShouldBeProblemAsync(409, "upload.not_multipart");
    }

    [Fact]
    public async Task Only_parts_that_the_upload_has_are_signed()
    {
        var upload = await PlanAsync();
        foreach (var numbers in new[] { "0", "4", "" })
        {
            using var refused = await gateway.Admin.SendAsync("POST", $"{upload.Item}/upload/parts", $$"""{"partNumbers": [{{numbers}}]}""");
            await refused.ShouldNameAsync("request.invalid", "partNumbers");
        }
    }

    [Fact]
    public async Task A_large_upload_gets_its_first_hundred_parts_signed_and_the_others_when_asked()
    {
        var upload = await PlanAsync("""{"path": "huge.bin", "contentType": "a/b", "size": 5368709121}""");
        Assert.Equal((641, 100), (upload.PartCount, upload.Parts.Count));
        using var signed = await gateway.Admin.SendAsync("POST", $"{upload.Item}/upload/parts", $$"""{"partNumbers": [{{string.Join(',', Enumerable.Range(101, 541))}}]}""");
        Assert.Equal(541, PartsOf(await signed.ReadAsync()).Count);
    }

    private static string Announce(string path, byte[]? sha256 = null) => JsonSerializer.Serialize(new Dictionary<string, object>
    {
        ["path"] = path, ["contentType"] = "application/octet-stream", ["size"] = Size, ["multipart"] = true,
        [sha256 is null ? "metadata" : "checksum"] = sha256 is null ? new { } : new { algorithm = "sha256", value = Convert.ToBase64String(sha256) },
    });

    private async Task<Multipart> PlanAsync(string? announcement = null)
    {
        using var response = await gateway.Admin.SendAsync("POST", $"{dataset}/items", announcement ?? Announce("a.bin"));
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var plan = await response.ReadAsync();
        var upload = plan.GetProperty("upload");
        Assert.Equal("multipart", upload.GetProperty("kind").GetString());
        return new($"{dataset}/items/{plan.GetProperty("item").GetProperty("id").GetString()}", upload.GetProperty("uploadId").GetString()!,
            upload.GetProperty("partSize").GetInt64(), upload.GetProperty("partCount").GetInt32(), PartsOf(upload));
    }

    private static Dictionary<int, string> PartsOf(JsonElement upload) =>
        upload.GetProperty("parts").EnumerateArray().ToDictionary(p => p.GetProperty("partNumber").GetInt32(), p => p.GetProperty("url").GetString()!);

    private async Task<string> SendAsync(Multipart upload, int number)
    {
        var offset = (int)((number - 1) * upload.PartSize);
        using var body = new ByteArrayContent(Bytes, offset, (int)Math.Min(upload.PartSize, Size - offset));
        using var response = await store.PutAsync(new Uri(upload.Parts[number]), body, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return response.Headers.ETag!.Tag;
    }

    private Task<HttpResponseMessage> CompleteResponseAsync(Multipart upload) => gateway.Admin.SendAsync("POST", $"{upload.Item}/upload/complete", "");

    private async Task<JsonElement> CompleteAsync(Multipart upload)
    {
        using var response = await CompleteResponseAsync(upload);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.ReadAsync();
    }

    private async Task ShouldRefuseAsync(Multipart upload, string body, string code)
    {
        using var response = await gateway.Admin.SendAsync("POST", $"{upload.Item}/upload/complete", body);
        await response.ShouldBeProblemAsync(409, code);
    }

    private async Task ShouldHoldAsync(Multipart upload, byte[] bytes)
    {
        using var content = await gateway.Admin.GetAsync($"{upload.Item}/content", TestContext.Current.CancellationToken);
        Assert.Equal(SHA256.HashData(bytes), SHA256.HashData(await store.GetByteArrayAsync(content.Headers.Location, TestContext.Current.CancellationToken)));
    }

    private ObjectLocation Location(Multipart upload, long attempt) =>
        new ObjectKeys(Store.Prefix, new DatasetKey("default", dataset.Split('/')[^1]), null).Content(upload.Item.Split('/')[^1], attempt);

    private sealed record Multipart(string Item, string UploadId, long PartSize, int PartCount, IReadOnlyDictionary<int, string> Parts);
}

public sealed class MultipartOnFilesTests : MultipartTests
{
    protected override Task<RunningGateway> StartAsync() => RunningGateway.StartAsync([]);
}

public sealed class MultipartOnS3Tests : MultipartTests
{
    protected override Task<RunningGateway> StartAsync()
    {
        var endpoint = Environment.GetEnvironmentVariable("EDNA_TEST_S3_ENDPOINT");
        Assert.SkipWhen(string.IsNullOrEmpty(endpoint), "EDNA_TEST_S3_ENDPOINT names no S3 server");
        return RunningGateway.StartAsync(
        [
            "--Edna:Objects:Provider=S3", $"--Edna:Objects:S3:Endpoint={endpoint}", "--Edna:Objects:S3:Compatibility=Ceph",
            $"--Edna:Objects:S3:Bucket=multipart-{Guid.NewGuid():n}", "--Edna:Objects:S3:CreateBucket=true",
            $"--Edna:Objects:S3:AccessKeyId={Environment.GetEnvironmentVariable("EDNA_TEST_S3_KEY")}",
            $"--Edna:Objects:S3:SecretAccessKey={Environment.GetEnvironmentVariable("EDNA_TEST_S3_SECRET")}",
        ]);
    }
}
