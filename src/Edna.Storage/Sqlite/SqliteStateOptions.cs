namespace Edna.Storage.Sqlite;

/// <summary>How the embedded state file is used: the configuration section <c>Edna:State:Sqlite</c>.</summary>
public sealed class SqliteStateOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Edna:State:Sqlite";

    /// <summary>Memory for pages that the writer works on, in MiB: 1–4096, default 32.</summary>
    public int CacheMegabytes { get; set; } = 32;

    /// <summary>Connections that read beside the writer: 1–64, default 4. Each takes up to 2 MiB.</summary>
    public int Readers { get; set; } = 4;
}
