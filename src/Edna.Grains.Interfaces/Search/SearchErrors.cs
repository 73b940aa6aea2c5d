using System.Globalization;
using Edna.Results;

namespace Edna.Search;

/// <summary>Problems of a search.</summary>
public static class SearchErrors
{
    /// <summary><c>search.query_invalid</c>: the query's text cannot be read.</summary>
    /// <param name="column">Where: 1 is the first character, counted in UTF-16 units.</param>
    /// <param name="message">What is wrong and what to write instead.</param>
    public static Problem QueryInvalid(int column, string message) => new()
    {
        Code = "search.query_invalid", Status = 400, Title = "The query cannot be read.", Detail = $"Column {column}: {message}.",
        Errors = new Dictionary<string, string[]> { ["query"] = [$"column {column}: {message}"] },
    };

    /// <summary><c>search.too_slow</c>: the search was stopped, for it took too long.</summary>
    /// <param name="seconds">How long it may take.</param>
    public static Problem TooSlow(double seconds) => new()
    {
        Code = "search.too_slow", Status = 503, Title = "The search takes too long.",
        Detail = string.Create(CultureInfo.InvariantCulture, $"It was stopped after {seconds} s. Narrow the query: fewer phrases and beginnings of words (a*), longer beginnings, a filter, fewer datasets."),
    };

    /// <summary><c>search.busy</c>: the search did not get its turn in time; nothing is wrong with it.</summary>
    /// <param name="seconds">How long it waited.</param>
    public static Problem Busy(double seconds) => new()
    {
        Code = "search.busy", Status = 503, Title = "Too many searches are under way.",
        Detail = string.Create(CultureInfo.InvariantCulture, $"The search waited {seconds} s for others to end. Send it again after the time given in Retry-After, and fewer at a time."),
        RetryAfterSeconds = 2,
    };

    /// <summary><c>search.cursor_expired</c>: the index has been made anew since the cursor was given, and its places are others.</summary>
    public static Problem CursorExpired() => new()
    {
        Code = "search.cursor_expired", Status = 410, Title = "The cursor belongs to an index that is no more.",
        Detail = "The search index has been made anew since. Search again without a cursor.",
    };

    /// <summary><c>search.reindex_not_needed</c>: the index in use is one that has no other beside it.</summary>
    public static Problem ReindexNotNeeded() => new()
    {
        Code = "search.reindex_not_needed", Status = 409, Title = "The embedded search index needs no reindex.",
        Detail = "It is made anew by itself when a version of EDNA needs another one. To have it filled again, stop the process, remove search.db* from the data directory, and start it.",
    };

    /// <summary><c>search.reindex_running</c>: one at a time.</summary>
    /// <param name="job">The one that runs.</param>
    public static Problem ReindexRunning(string job) => new()
    {
        Code = "search.reindex_running", Status = 409, Title = "There is a reindex already.", Detail = $"Job '{job}' is at it. Wait for its end, or cancel it.",
    };

    /// <summary><c>search.reindex_lost</c>: how a reindex ends when the index in use is another one all at once.</summary>
    public static Problem ReindexLost() => new()
    {
        Code = "search.reindex_lost", Status = 409, Title = "The index in use has changed.",
        Detail = "Somebody removed the index in use or moved its alias while it was being replaced. The one that is there now stays, and is filled if it is new.",
    };

    /// <summary><c>search.index_refuses</c>: how a reindex ends that the search server does not allow.</summary>
    /// <param name="refusal">The server's own word.</param>
    public static Problem IndexRefuses(string refusal) => new()
    {
        Code = "search.index_refuses", Status = 403, Title = "The search server refuses.",
        Detail = $"The search server answered '{refusal}'. Searches go on. Look at what EDNA may do there, then start the reindex again.",
    };

    /// <summary><c>search.old_index_stays</c>: the new index is in use, and the old one could not be removed.</summary>
    /// <param name="index">The old index.</param>
    /// <param name="refusal">The server's own word.</param>
    public static Problem OldIndexStays(string index, string refusal) => new()
    {
        Code = "search.old_index_stays", Status = 403, Title = "The old index could not be removed.",
        Detail = $"The search server answered '{refusal}'. The new index is in use, and '{index}' is not any more: remove it by hand.",
    };

    /// <summary><c>search.count_differs</c>: how a reindex ends whose new index has not as many documents as the dataset has items.</summary>
    /// <param name="dataset">The dataset.</param>
    /// <param name="rows">Items.</param>
    /// <param name="documents">Documents.</param>
    public static Problem CountDiffers(string dataset, long rows, long documents) => new()
    {
        Code = "search.count_differs", Status = 500, Title = "The new index is not complete.",
        Detail = $"Dataset '{dataset}' has {rows} items and the new index {documents} documents of it. The old index stays in use.",
    };

    /// <summary><c>search.sample_differs</c>: how a reindex ends whose new index has another document than it should.</summary>
    /// <param name="item">The item.</param>
    /// <param name="revision">The revision that should be there.</param>
    /// <param name="found">The one that is; null for none.</param>
    public static Problem SampleDiffers(string item, long revision, long? found) => new()
    {
        Code = "search.sample_differs", Status = 500, Title = "The new index is not right.",
        Detail = $"Item '{item}' should be there as revision {revision}; {(found is null ? "it is not there" : $"what is there is another document, of revision {found}")}. The old index stays in use.",
    };

    /// <summary><c>search.document_refused</c>: an item that the search index does not take in.</summary>
    /// <param name="reason">The index's words.</param>
    public static Problem DocumentRefused(string reason) => new()
    {
        Code = "search.document_refused", Status = 409, Title = "The search index does not take the item in.", Detail = reason,
    };

    /// <summary><c>search.too_many_refused</c>: how a reindex ends whose new index refuses so many items that the index itself must be at fault.</summary>
    /// <param name="most">How many it may refuse.</param>
    public static Problem TooManyRefused(int most) => new()
    {
        Code = "search.too_many_refused", Status = 409, Title = "The new index refuses too many items.", Detail = $"More than {most} items were refused. The old index stays in use.",
    };
}
