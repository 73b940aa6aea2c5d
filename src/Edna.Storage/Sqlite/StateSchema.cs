using Edna.Sqlite;

namespace Edna.Storage.Sqlite;

/// <summary>
/// The schema of <c>edna.db</c>. Items lie in the order they came in, so that what is written together is confirmed together on
/// the same pages; the random item ids touch a narrow index only. Changes of a dataset lie in the feed's order, so that writing them
/// touches its end only. <c>shard</c> is the dataset's number times 16 plus the item's shard; times are .NET ticks (100 ns) in UTC.
/// </summary>
internal static class StateSchema
{
    /// <summary>What made the file, step by step.</summary>
    public static Migrations Migrations { get; } = new("state file", [Version1, Version2, Version3, Version4]);

    private const string Version1 = """
        CREATE TABLE dataset (
            number INTEGER PRIMARY KEY,
            tenant TEXT NOT NULL,
            name TEXT NOT NULL,
            UNIQUE (tenant, name)
        ) STRICT;

        CREATE TABLE item (
            id INTEGER PRIMARY KEY,
            dataset INTEGER NOT NULL,
            shard INTEGER NOT NULL,
            item_id BLOB NOT NULL,
            status INTEGER NOT NULL,
            revision INTEGER NOT NULL,
            indexed_revision INTEGER NOT NULL,
            upload_deadline INTEGER,
            updated_at INTEGER NOT NULL,
            split TEXT,
            path TEXT NOT NULL,
            body BLOB NOT NULL
        ) STRICT;
        CREATE UNIQUE INDEX item_by_id ON item (dataset, item_id);
        CREATE UNIQUE INDEX item_by_path ON item (dataset, path);
        CREATE INDEX item_dirty ON item (shard) WHERE indexed_revision < revision;
        CREATE INDEX item_deadline ON item (upload_deadline, shard) WHERE upload_deadline IS NOT NULL;

        CREATE TABLE change (
            dataset INTEGER NOT NULL,
            number INTEGER NOT NULL,
            shard INTEGER NOT NULL,
            item_id BLOB NOT NULL,
            kind INTEGER NOT NULL,
            revision INTEGER NOT NULL,
            at INTEGER NOT NULL,
            by TEXT NOT NULL,
            path TEXT NOT NULL,
            PRIMARY KEY (dataset, number)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE last_change (number INTEGER NOT NULL) STRICT;
        INSERT INTO last_change VALUES (0);

        CREATE TABLE search_index (generation TEXT NOT NULL) STRICT;

        CREATE TABLE grain_state (
            service TEXT NOT NULL,
            grain TEXT NOT NULL,
            name TEXT NOT NULL,
            revision INTEGER NOT NULL,
            body BLOB NOT NULL,
            PRIMARY KEY (service, grain, name)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE reminder (
            service TEXT NOT NULL,
            grain TEXT NOT NULL,
            name TEXT NOT NULL,
            hash INTEGER NOT NULL,
            start_at INTEGER NOT NULL,
            period INTEGER NOT NULL,
            revision INTEGER NOT NULL,
            PRIMARY KEY (service, grain, name)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX reminder_by_hash ON reminder (service, hash);
        """;

    /// <summary>What is in the trash (status 3), in the order it went there.</summary>
    private const string Version2 = "CREATE INDEX item_trashed ON item (shard, updated_at) WHERE status = 3;";

    /// <summary>The last change of a dataset that is kept no more; none: all are kept.</summary>
    private const string Version3 = "CREATE TABLE change_start (dataset INTEGER PRIMARY KEY, number INTEGER NOT NULL) STRICT;";

    /// <summary>Numbers of the feed that this file has never given: those between <c>after</c> and <c>next</c>, see <see cref="StateWriteSession"/>.</summary>
    private const string Version4 = "CREATE TABLE change_gap (after INTEGER PRIMARY KEY, next INTEGER NOT NULL) STRICT;";
}
