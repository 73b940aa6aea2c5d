namespace Edna.Search.Sqlite;

/// <summary>How the embedded search index is used: the configuration section <c>Edna:Search:Sqlite</c>.</summary>
public sealed class SqliteSearchOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Edna:Search:Sqlite";

    /// <summary>Memory for pages that the writer works on, in MiB: 1–4096, default 16.</summary>
    public int CacheMegabytes { get; set; } = 16;

    /// <summary>
    /// Connections that search beside the writer: 1–64, by default one more than there are processors, and at least 3. One tenant searches with all but one of them,
    /// so that others are answered whatever it asks; with 1 there is nothing to share.
    /// </summary>
    public int Readers { get; set; } = Math.Clamp(Environment.ProcessorCount + 1, 3, 64);

    /// <summary>
    /// How long a search may take, waiting for its turn included: 1 ms to 25 s, which is less than a call of a grain may take; default 5 s. One that is not done by then is stopped and answers
    /// <c>search.too_slow</c>, or <c>search.busy</c> when it did not get its turn.
    /// </summary>
    public TimeSpan Deadline { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Memory for pages that each of them reads, in MiB: 1–4096, default 16.</summary>
    public int ReaderCacheMegabytes { get; set; } = 16;
}
