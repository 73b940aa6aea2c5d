using System.Net;
using System.Text.Json;
using Edna.Objects;
using Xunit;

namespace Edna.Gateway.Tests.Items;

/// <summary>Multipart uploads over HTTP, as a client without any library sees them.</summary>
public abstract partial class MultipartTests : IAsyncLifetime
{
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
    public async Task A_large_upload_gets_its_first_hundred_parts_signed_and_the_others_when_asked()
    {
        var upload = await PlanAsync("""{"path": "huge.bin", "contentType": "a/b", "size": 5368709121}""");
        Assert.Equal((641, 100), (upload.PartCount, upload.Parts.Count));
        using var signed = await gateway.Admin.SendAsync("POST", $"{upload.Item}/upload/parts", $$"""{"partNumbers": [{{string.Join(',', Enumerable.Range(101, 541))}}]}""");
        Assert.Equal(541, PartsOf(await signed.ReadAsync()).Count);
    }
}
