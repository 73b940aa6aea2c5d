using CsCheck;
using Edna.Items;
using Edna.Objects;
using Xunit;

namespace Edna.Grains.Tests.Items;

public sealed class PartDecisionTests
{
    private const long MiB = 1L << 20;

    private static OpenUpload Open(long size, long partSize) => new()
    {
        Attempt = 1, Size = size, ContentType = "a/b", UploadId = "u", PartSize = partSize, StartedAt = default, ExpiresAt = default, Deadline = default, By = "ann",
    };

    private static StoredPart[] Stored(OpenUpload upload, Func<int, bool> arrived) =>
        [.. Enumerable.Range(1, upload.PartCount).Where(arrived).Select(n => new StoredPart(n, UploadParts.SizeOf(n, upload.Size, upload.PartSize), $"e{n}"))];

    [Fact]
    public void Parts_cover_any_object_and_keep_to_S3s_limits() => Gen.Long[0, ItemLimits.ObjectBytes].Sample(size =>
    {
        var partSize = UploadParts.SizeFor(size);
        var count = UploadParts.CountOf(size, partSize);
        Assert.InRange(count, 1, UploadParts.Most);
        Assert.InRange(partSize, 8 * MiB, 5L << 30);
        Assert.Equal(0, partSize % MiB);
        Assert.Equal(size, ((count - 1) * partSize) + UploadParts.SizeOf(count, size, partSize));
        Assert.InRange(UploadParts.SizeOf(count, size, partSize), size == 0 ? 0 : 1, partSize);
    }, iter: 20_000);

    [Theory]
    [InlineData(0, 8, 1)]
    [InlineData(1, 8, 1)]
    [InlineData(9_000 * 8 * MiB, 8, 9_000)]
    [InlineData((9_000 * 8 * MiB) + 1, 9, 8_001)]
    [InlineData(50_000_000_000_000, 5_120, 9_314)]
    public void Part_sizes_at_their_edges(long size, long mebibytes, int count) =>
        Assert.Equal((mebibytes * MiB, count), (UploadParts.SizeFor(size), UploadParts.CountOf(size, UploadParts.SizeFor(size))));

    [Fact]
    public void What_has_arrived_and_what_is_missing_are_all_parts() => Gen.Select(Gen.Long[1, 400], Gen.Int[1, 20], Gen.UInt).Sample((size, partSize, bits) =>
    {
        var upload = Open(size, partSize);
        bool Arrived(int n) => (bits >> (n % 32) & 1) == 1;
        var (arrived, expected) = (Stored(upload, Arrived), Enumerable.Range(1, upload.PartCount).Where(n => !Arrived(n)).ToArray());
        Assert.Equal(expected, PartDecisions.Missing(upload, arrived));
        var complete = PartDecisions.ToComplete("a", upload, null, arrived);
        if (expected.Length == 0) Assert.Equal(arrived.Select(p => new ObjectPart(p.PartNumber, p.ETag)), complete.Value!);
        else Assert.Equal("upload.parts_missing", complete.Problem!.Code);
    }, iter: 5_000);

    [Fact]
    public void A_part_of_another_length_has_not_arrived() =>
        Assert.Equal([2], PartDecisions.Missing(Open(25, 10), [new(1, 10, "a"), new(2, 9, "b"), new(3, 5, "c"), new(4, 10, "d")]));

    [Fact]
    public void The_clients_own_list_is_taken_in_any_order_with_or_without_quotes()
    {
        var complete = PartDecisions.ToComplete("a", Open(25, 10), [new() { PartNumber = 3, Etag = "c" }, new() { PartNumber = 1, Etag = "\"a\"" }, new() { PartNumber = 2, Etag = "b" }], null);
        Assert.Equal([new(1, "a"), new(2, "b"), new(3, "c")], complete.Value!);
    }

    [Theory]
    [InlineData("upload.parts_missing", 1, 2)]
    [InlineData("request.invalid", 1, 2, 3, 3)]
    [InlineData("request.invalid", 1, 2, 4)]
    [InlineData("request.invalid", 0, 1, 2)]
    public void A_list_that_is_not_all_parts_once_is_refused(string code, params int[] numbers) =>
        Assert.Equal(code, PartDecisions.ToComplete("a", Open(25, 10), [.. numbers.Select(n => new UploadedPart { PartNumber = n, Etag = "e" })], null).Problem!.Code);

    [Fact]
    public void Parts_can_be_asked_for_up_to_the_limit()
    {
        var upload = Open(20_000, 10);
        Assert.Null(PartDecisions.FaultsOf(upload, [.. Enumerable.Range(1_001, 1_000)]));
        Assert.NotNull(PartDecisions.FaultsOf(upload, [.. Enumerable.Range(1, 1_001)]));
        Assert.NotNull(PartDecisions.FaultsOf(upload, []));
        Assert.NotNull(PartDecisions.FaultsOf(upload, [0]));
        Assert.NotNull(PartDecisions.FaultsOf(upload, [2_001]));
    }
}
