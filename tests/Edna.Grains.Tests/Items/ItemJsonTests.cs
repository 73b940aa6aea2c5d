using CsCheck;
using Edna.Items;
using Edna.Keys;
using Edna.Labels;
using Edna.Search;
using Xunit;

namespace Edna.Grains.Tests.Items;

public sealed class ItemJsonTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Members that hold their type's default value must be written too, or a row could not be read again.</summary>
    [Fact]
    public void Every_state_that_is_written_can_be_read_and_indexed() =>
        Gen.Select(Gen.Enum<ItemStatus>(), Gen.Enum<LabelStatus>(), Gen.Bool, Gen.Long[0, 3]).Sample((status, labels, open, revision) =>
        {
            var state = new ItemState
            {
                Path = "a", Status = status, Revision = revision, ContentType = "", CreatedAt = Now, CreatedBy = "", UpdatedAt = Now, Size = 0,
                Tags = new Dictionary<string, string> { ["k"] = "" },
                Labels = new() { Status = labels, At = Now, By = "", Digest = "", Classes = new Dictionary<string, int> { ["cat"] = 0 } },
                Upload = open ? new() { Attempt = 0, Size = 0, ContentType = "", StartedAt = Now, ExpiresAt = Now, Deadline = Now, By = "" } : null,
            };
            var row = ItemView.RowOf(new(new("t", "d1"), ItemId.FromPath("a")), state);
            var again = ItemJson.Read(row.Body);
            Assert.Equal((status, labels, revision, open), (again.Status, again.Labels!.Status, again.Revision, again.Upload is not null));
            Assert.Equal("", again.Tags["k"]);
            Assert.Equal(["cat"], SearchDocuments.Of(row).LabelClasses);
        }, iter: 500);
}
