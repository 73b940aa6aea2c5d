using System.Net;
using System.Security.Cryptography;
using Xunit;

namespace Edna.Gateway.Tests.Items;

/// <summary>What comes to nothing: parts and bytes that are others than declared, uploads that were given up, parts that are not there.</summary>
public abstract partial class MultipartTests
{
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
}
