using Edna.Keys;
using Microsoft.Extensions.Logging;

namespace Edna.Search.Elasticsearch;

/// <summary>A document that the server refused for good.</summary>
/// <param name="Item">Which item's.</param>
/// <param name="Revision">The item's revision.</param>
/// <param name="Reason">The server's words.</param>
/// <param name="At">When, UTC.</param>
internal sealed record DeadLetter(ItemKey Item, long Revision, string Reason, DateTimeOffset At);

/// <summary>
/// Documents that the server will never take. They are told in the log and the last ones kept here; all others go on. The item stays
/// in the index as it was before, and its next change is pushed as any other.
/// </summary>
internal sealed partial class DeadLetters(TimeProvider time, ILogger<DeadLetters> log)
{
    private const int Most = 1_000;

    private readonly Queue<DeadLetter> _last = new();
    private long _count;

    /// <summary>All since the start.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>The last thousand, oldest first.</summary>
    public IReadOnlyList<DeadLetter> Last
    {
        get
        {
            lock (_last) return [.. _last];
        }
    }

    /// <summary>Takes a document in.</summary>
    public void Add(SearchDocument document, string reason)
    {
        LogRefused(log, document.Key, document.Revision, reason);
        Interlocked.Increment(ref _count);
        lock (_last)
        {
            if (_last.Count == Most) _last.Dequeue();
            _last.Enqueue(new(document.Key, document.Revision, reason, time.GetUtcNow()));
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The search index will not take {Item} at revision {Revision}: {Reason}. The others go on")]
    private static partial void LogRefused(ILogger log, ItemKey item, long revision, string reason);
}
