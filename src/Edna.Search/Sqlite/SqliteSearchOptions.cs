namespace Edna.Search.Sqlite;

/// <summary>How the embedded search index is used: the configuration section <c>Edna:Search:Sqlite</c>.</summary>
public sealed class SqliteSearchOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Edna:Search:Sqlite";

    /// <summary>Memory for pages that the writer works on, in MiB: 1–4096, default 16.</summary>
    public int CacheMegabytes { get; set; } = 16;

    /// <summary>Connections that search beside the writer: 1–64, default 2.</summary>
    public int Readers { get; set; } = 2;

    /// <summary>Memory for pages that each of them reads, in MiB: 1–4096, default 16.</summary>
    public int ReaderCacheMegabytes { get; set; } = 16;
}
