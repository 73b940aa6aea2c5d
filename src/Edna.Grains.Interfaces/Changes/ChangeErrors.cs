using Edna.Results;

namespace Edna.Changes;

/// <summary>What can be in the way of reading changes.</summary>
public static class ChangeErrors
{
    /// <summary><c>changes.too_many_readers</c>: as many streams and waiting requests are open as may be.</summary>
    /// <param name="where">Of what there are too many, in a user's words.</param>
    public static Problem TooManyReaders(string where) => new()
    {
        Code = "changes.too_many_readers", Status = 503, Title = "Too many follow the changes already.",
        Detail = $"{where} has as many streams and waiting requests open as it may. Come back after the time given in Retry-After, or read page by page without 'wait'.",
        RetryAfterSeconds = 10,
    };

    /// <summary><c>changes.cursor_expired</c>: changes after a cursor are kept no more.</summary>
    /// <param name="end">The end of the feed, read after the cursor was found to be too old.</param>
    public static Problem CursorExpired(string end) => new()
    {
        Code = "changes.cursor_expired", Status = 410, Title = "Changes after the cursor are no longer kept.",
        Detail = "List the items anew, then go on with the cursor given here: what changes while they are listed comes after it. Reading without a cursor begins with the oldest change that is kept.",
        Cursor = end,
    };

    /// <summary><c>changes.reader_too_slow</c>: a stream was cut off because its reader did not keep up.</summary>
    public static Problem ReaderTooSlow() => new()
    {
        Code = "changes.reader_too_slow", Status = 503, Title = "The reader did not keep up with the changes.",
        Detail = "Nothing is lost: connect again with Last-Event-ID, or since, set to the last id that was received.",
        RetryAfterSeconds = 1,
    };
}
