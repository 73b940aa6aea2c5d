using Edna.Events;
using Edna.Items;
using Xunit;

namespace Edna.Grains.Tests.Events;

public sealed class EventDecisionTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly HashSet<string> Enforced = ["sha256"];

    private static readonly OpenUpload Upload = new()
    {
        Attempt = 2, Size = 5, ContentType = "image/png", StartedAt = Now, ExpiresAt = Now, Deadline = Now, By = "ann",
    };

    private static readonly ItemState Content = new()
    {
        Path = "a.png", Status = ItemStatus.Available, Revision = 2, Attempts = 1, ContentRevision = 1, Size = 5, ETag = "5d41402abc4b2a76b9719d911017c592",
        ContentType = "image/png", CreatedAt = Now, CreatedBy = "ann", UpdatedAt = Now,
    };

    [Theory]
    [InlineData(null, null, EventMeaning.Confirm)]
    [InlineData("sha256", "x", EventMeaning.Confirm)]
    [InlineData("md5", "XUFAKrxLKna5cZ2REBfFkg==", EventMeaning.Confirm)]
    [InlineData("md5", "AUFAKrxLKna5cZ2REBfFkg==", EventMeaning.AskForUpload)]
    [InlineData("crc64nvme", "AAAAAAAAAAA=", EventMeaning.AskForUpload)]
    public void The_stores_word_is_enough_where_the_declared_checksum_asks_for_no_more(string? algorithm, string? value, EventMeaning meaning)
    {
        var upload = Upload with { Checksum = algorithm is null ? null : new() { Algorithm = algorithm, Value = value! } };
        Assert.Equal(meaning, Read(Content with { Upload = upload }, EventPlace.Upload, Created()));
    }

    [Fact]
    public void The_store_is_asked_where_the_event_says_too_little_or_what_would_fail_the_upload()
    {
        var state = Content with { Upload = Upload };
        Assert.Equal(EventMeaning.AskForUpload, Read(state, EventPlace.Upload, Created() with { Size = null }));
        Assert.Equal(EventMeaning.AskForUpload, Read(state, EventPlace.Upload, Created() with { ETag = null }));
        Assert.Equal(EventMeaning.AskForUpload, Read(state, EventPlace.Upload, Created() with { Size = 6 }));
        Assert.Equal(EventMeaning.AskForUpload, Read(state with { Upload = Upload with { UploadId = "m" } }, EventPlace.Upload, Created()));
        Assert.Equal(EventMeaning.Nothing, Read(state, EventPlace.Upload, Created() with { Kind = ObjectEventKind.Tagged }));
        Assert.Equal(EventMeaning.Nothing, Read(state, EventPlace.None, Created()));
    }

    [Fact]
    public void After_a_removal_that_came_first_the_older_word_of_its_creation_is_not_believed()
    {
        var state = Content with { Upload = Upload };
        Assert.Equal(EventMeaning.Doubt, Read(state, EventPlace.Upload, Created() with { Kind = ObjectEventKind.Removed }));
        var doubted = EventDecisions.Doubt(state, Now);
        Assert.Equal(EventMeaning.AskForUpload, Read(doubted, EventPlace.Upload, Created()));
        Assert.Equal(EventMeaning.Nothing, Read(doubted, EventPlace.Upload, Created() with { Kind = ObjectEventKind.Removed }));
    }

    [Fact]
    public void Of_the_content_only_what_is_new_is_looked_at()
    {
        Assert.Equal(EventMeaning.Nothing, Read(Content, EventPlace.Content, Created()));
        Assert.Equal(EventMeaning.AskForContent, Read(Content, EventPlace.Content, Created() with { ETag = "other" }));
        Assert.Equal(EventMeaning.AskForContent, Read(Content, EventPlace.Content, Created() with { Size = 6 }));
        Assert.Equal(EventMeaning.AskForContent, Read(Content with { Status = ItemStatus.Failed }, EventPlace.Content, Created()));
        Assert.Equal(EventMeaning.AskForContent, Read(Content, EventPlace.Content, Created() with { Kind = ObjectEventKind.Removed }));
        Assert.Equal(EventMeaning.AskForTags, Read(Content with { Sequencer = "99" }, EventPlace.Content, Created() with { Kind = ObjectEventKind.Tagged }));
        foreach (var kind in (ObjectEventKind[])[ObjectEventKind.Created, ObjectEventKind.Removed])
        {
            Assert.Equal(EventMeaning.Nothing, Read(Content with { Sequencer = "55" }, EventPlace.Content, Created() with { Kind = kind, ETag = "other" }));
            Assert.Equal(EventMeaning.AskForContent, Read(Content with { Sequencer = "54" }, EventPlace.Content, Created() with { Kind = kind, ETag = "other" }));
        }
    }

    private static EventMeaning Read(ItemState state, EventPlace place, ObjectEvent evidence) => EventDecisions.Read(state, place, evidence, Enforced);

    private static ObjectEvent Created() => new()
    {
        Kind = ObjectEventKind.Created, Bucket = "b", Key = "k", Size = 5, ETag = "5D41402ABC4B2A76B9719D911017C592", Sequencer = "55", At = Now,
    };
}
