using System.Net;
using Edna.Objects;
using Edna.Results;
using Xunit;

namespace Edna.Storage.S3;

/// <summary>What a real S3 answers seldom, against a fake of one.</summary>
public sealed class S3MultipartTests(S3StoreHarness harness) : IClassFixture<S3StoreHarness>
{
    private const string Crc64 = "AAAAAAAAAAA=";
    private const string Made =
        "<CompleteMultipartUploadResult><Location>http://127.0.0.1/data/a</Location><Bucket>data</Bucket><Key>a</Key><ETag>\"e-1\"</ETag></CompleteMultipartUploadResult>";
    private const string NoParts = "<ListPartsResult><UploadId>u</UploadId><IsTruncated>false</IsTruncated></ListPartsResult>";
    private static readonly ObjectLocation At = new(null, "a");
    private static readonly ObjectPut Put = new()
    {
        Size = 10,
        ContentType = "image/jpeg",
        Checksum = new() { Algorithm = "crc64nvme", Value = Crc64 },
        Tags = new Dictionary<string, string> { ["edna:class"] = "cat" },
        Metadata = [new("edna-path", "cats/001.jpg")],
    };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task On_Amazon_tags_and_the_whole_checksum_are_declared_when_opened_and_checked_with_the_size_when_completed()
    {
        await using var server = await FakeS3Server.StartAsync(Ct);
        var store = AwsAt(server);
        server.Then(200, "<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>").Then(200, Made);
        Assert.Equal("u", await store.CreateMultipartAsync(At, Put, Ct));
        Assert.Equal(MultipartResult.Completed, (await CompleteAsync(store)).Result);

        var opened = server.Requests.First();
        Assert.Equal("POST ?uploads", opened.What);
        Assert.Equal("image/jpeg", opened.Headers["content-type"]);
        Assert.Equal("edna%3Aclass=cat", opened.Headers["x-amz-tagging"]);
        Assert.Equal("cats/001.jpg", opened.Headers["x-amz-meta-edna-path"]);
        Assert.Equal("CRC64NVME", opened.Headers["x-amz-checksum-algorithm"]);
        Assert.Equal("FULL_OBJECT", opened.Headers["x-amz-checksum-type"]);
        var completed = server.Requests.Last();
        Assert.Equal("POST ?uploadId=u", completed.What);
        Assert.Equal("*", completed.Headers["if-none-match"]);
        Assert.Equal("10", completed.Headers["x-amz-mp-object-size"]);
        Assert.Equal(Crc64, completed.Headers["x-amz-checksum-crc64nvme"]);
        Assert.Contains("<PartNumber>1</PartNumber>", completed.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_upload_without_a_declared_crc_names_no_checksum_that_parts_would_have_to_carry()
    {
        await using var server = await FakeS3Server.StartAsync(Ct);
        server.Then(200, "<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>");
        await AwsAt(server).CreateMultipartAsync(At, Put with { Checksum = null }, Ct);
        Assert.DoesNotContain("x-amz-checksum-algorithm", server.Requests.Single().Headers.Keys);
    }

    [Fact]
    public async Task A_200_with_an_error_in_its_body_is_no_success()
    {
        await using var server = await FakeS3Server.StartAsync(Ct);
        for (var i = 0; i < 3; i++) server.ThenError(200, "InternalError");
        server.Then(200, NoParts);
        await Assert.ThrowsAsync<UnavailableException>(async () => await CompleteAsync(AwsAt(server)));
        // Sent again by the SDK, which finds the error, then the store is asked whether the upload is still there.
        Assert.Equal(["POST ?uploadId=u", "POST ?uploadId=u", "POST ?uploadId=u", "GET ?uploadId=u"], server.Requests.Select(request => request.What));
    }

    [Fact]
    public async Task A_200_that_names_no_object_is_no_success()
    {
        await using var server = await FakeS3Server.StartAsync(Ct);
        server.Then(200, "<CompleteMultipartUploadResult></CompleteMultipartUploadResult>").Then(200, NoParts);
        await Assert.ThrowsAsync<UnavailableException>(async () => await CompleteAsync(AwsAt(server)));
    }

    [Theory]
    [InlineData(200, "NoSuchUpload")]
    [InlineData(404, "NoSuchUpload")]
    public async Task An_upload_that_is_gone_is_told_whatever_the_status(int status, string code)
    {
        await using var server = await FakeS3Server.StartAsync(Ct);
        for (var i = 0; i < 3; i++) server.ThenError(status, code);
        Assert.Equal(MultipartResult.NoSuchUpload, (await CompleteAsync(AwsAt(server))).Result);
    }

    [Theory]
    [InlineData("InvalidPart")]
    [InlineData("EntityTooSmall")]
    [InlineData("InvalidRequest")]
    public async Task Refused_parts_are_told_in_the_stores_words(string code)
    {
        await using var server = await FakeS3Server.StartAsync(Ct);
        server.ThenError(400, code);
        Assert.Equal(new(MultipartResult.PartsRefused, code + ": In the store's own words."), await CompleteAsync(AwsAt(server)));
    }

    [Fact]
    public async Task Bytes_without_the_declared_checksum_are_told_from_wrong_parts()
    {
        await using var server = await FakeS3Server.StartAsync(Ct);
        server.ThenError(400, "BadDigest");
        Assert.Equal(MultipartResult.WrongChecksum, (await CompleteAsync(AwsAt(server))).Result);
    }

    [Fact]
    public async Task A_race_is_run_again()
    {
        await using var server = await FakeS3Server.StartAsync(Ct);
        server.ThenError(409, "ConditionalRequestConflict").ThenError(409, "ConditionalRequestConflict").Then(200, Made);
        Assert.Equal(MultipartResult.Completed, (await CompleteAsync(AwsAt(server))).Result);
        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    public async Task A_race_that_does_not_end_is_the_store_being_unavailable()
    {
        await using var server = await FakeS3Server.StartAsync(Ct);
        for (var i = 0; i < 3; i++) server.ThenError(409, "ConditionalRequestConflict");
        server.Then(200, NoParts);
        await Assert.ThrowsAsync<UnavailableException>(async () => await CompleteAsync(AwsAt(server)));
    }

    [Fact]
    public async Task What_lies_there_is_told_apart_from_what_the_same_upload_put_there()
    {
        await using var server = await FakeS3Server.StartAsync(Ct);
        server.ThenError(412, "PreconditionFailed").Then(200, NoParts);
        Assert.Equal(MultipartResult.AlreadyThere, (await CompleteAsync(AwsAt(server))).Result);
        server.ThenError(412, "PreconditionFailed").ThenError(404, "NoSuchUpload");
        Assert.Equal(MultipartResult.NoSuchUpload, (await CompleteAsync(AwsAt(server))).Result);
    }

    [Fact]
    public void Errors_are_read_by_their_code_first()
    {
        Assert.Equal(S3Completion.Gone, S3CompletionErrors.Read(HttpStatusCode.NotFound, "NoSuchUpload"));
        Assert.Equal(S3Completion.Unknown, S3CompletionErrors.Read(HttpStatusCode.NotFound, "NoSuchBucket"));
        Assert.Equal(S3Completion.Conflict, S3CompletionErrors.Read(HttpStatusCode.Conflict, null));
        Assert.Equal(S3Completion.Taken, S3CompletionErrors.Read(HttpStatusCode.PreconditionFailed, null));
        Assert.Equal(S3Completion.Refused, S3CompletionErrors.Read(HttpStatusCode.OK, "InvalidPartOrder"));
        Assert.Equal(S3Completion.Unknown, S3CompletionErrors.Read(HttpStatusCode.Forbidden, "AccessDenied"));
    }

    private static async Task<MultipartOutcome> CompleteAsync(S3ObjectStore store) =>
        await store.CompleteMultipartAsync(At, "u", Put, [new(1, "e")], Ct);

    private S3ObjectStore AwsAt(FakeS3Server server)
    {
        var options = harness.Options(server.Address);
        options.Compatibility = S3Compatibility.Aws;
        return harness.Made(options, TimeProvider.System);
    }
}
