using Edna.Sqlite;

namespace Edna.Search.Sqlite;

/// <summary>
/// The schema of <c>search.db</c>. <c>doc</c> has a row for each document, <c>term</c> one for each value and each frequent word,
/// <c>posting</c> tells which documents have a term (<see cref="IdChunk"/>), and <c>doc_text</c> is the inverted index of all words, which keeps no text itself. Words come as
/// <see cref="SearchWords"/> spells them, so that all that the index does is split them at spaces. Times are .NET ticks in UTC.
/// </summary>
internal static class SearchSchema
{
    /// <summary>What made the file, step by step.</summary>
    public static Migrations Migrations { get; } = new("search index", [Version1, Version2, Version3, Version4]);

    private const string Version1 = """
        CREATE TABLE generation (name TEXT NOT NULL) STRICT;
        INSERT INTO generation VALUES (lower(hex(randomblob(16))));

        CREATE TABLE dataset (
            number INTEGER PRIMARY KEY,
            tenant TEXT NOT NULL,
            name TEXT NOT NULL,
            UNIQUE (tenant, name)
        ) STRICT;

        CREATE TABLE field (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
        CREATE TABLE term (
            number INTEGER PRIMARY KEY,
            field INTEGER NOT NULL,
            value TEXT NOT NULL,
            UNIQUE (field, value)
        ) STRICT;

        CREATE TABLE doc (
            id INTEGER PRIMARY KEY,
            dataset INTEGER NOT NULL,
            item_id BLOB NOT NULL,
            revision INTEGER NOT NULL,
            status INTEGER NOT NULL,
            size INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            terms BLOB NOT NULL,
            fingerprint INTEGER NOT NULL,
            path TEXT NOT NULL
        ) STRICT;
        CREATE UNIQUE INDEX doc_by_item ON doc (dataset, item_id);

        CREATE TABLE tally (
            dataset INTEGER NOT NULL,
            status INTEGER NOT NULL,
            items INTEGER NOT NULL,
            bytes INTEGER NOT NULL,
            PRIMARY KEY (dataset, status)
        ) STRICT, WITHOUT ROWID;

        CREATE VIRTUAL TABLE doc_text USING fts5 (
            path, metadata, labels, terms,
            content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 2"
        );
        """;

    /// <summary>Words are spelt by EDNA itself from here on, so what lies there has other words: the index is empty again, and is filled anew.</summary>
    private const string Version2 = """
        DROP TABLE doc_text;
        DELETE FROM doc;
        DELETE FROM tally;
        UPDATE generation SET name = lower(hex(randomblob(16)));

        CREATE VIRTUAL TABLE doc_text USING fts5 (
            path, metadata, labels, terms,
            content='', contentless_delete=1, tokenize="ascii"
        );
        """;

    /// <summary>
    /// Values are found and counted as sets of documents, pages are read in the order of an index. Neither was kept before, and words are in no row: the index is
    /// empty again, and is filled anew.
    /// </summary>
    private const string Version3 = """
        DROP TABLE doc_text;
        DROP TABLE doc;
        DELETE FROM term;
        DELETE FROM field;
        DELETE FROM tally;
        UPDATE generation SET name = lower(hex(randomblob(16)));

        CREATE TABLE doc (
            id INTEGER PRIMARY KEY,
            dataset INTEGER NOT NULL,
            item_id BLOB NOT NULL,
            revision INTEGER NOT NULL,
            status INTEGER NOT NULL,
            size INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            terms BLOB NOT NULL,
            words BLOB NOT NULL,
            fingerprint INTEGER NOT NULL,
            path TEXT NOT NULL
        ) STRICT;
        CREATE UNIQUE INDEX doc_by_item ON doc (dataset, item_id);
        CREATE INDEX doc_by_path ON doc (path);
        CREATE INDEX doc_by_size ON doc (size);
        CREATE INDEX doc_by_updated_at ON doc (updated_at);

        CREATE TABLE posting (key INTEGER PRIMARY KEY, ids BLOB NOT NULL) STRICT;

        CREATE VIRTUAL TABLE doc_text USING fts5 (
            path, metadata, labels, tokens,
            content='', contentless_delete=1, tokenize="ascii"
        );
        """;

    /// <summary>
    /// Numbers of documents and terms that are gone are given again, so neither grows with what comes and goes; frequent words belong to the tenant that brought them; pages
    /// are read from what is one tenant's. None of it can be told of what lies there: the index is empty again, and is filled anew.
    /// </summary>
    private const string Version4 = """
        DROP TABLE doc_text;
        DROP TABLE doc;
        DELETE FROM posting;
        DELETE FROM term;
        DELETE FROM field;
        DELETE FROM dataset;
        DELETE FROM tally;
        UPDATE generation SET name = lower(hex(randomblob(16)));

        CREATE TABLE doc (
            id INTEGER PRIMARY KEY,
            tenant INTEGER NOT NULL,
            dataset INTEGER NOT NULL,
            item_id BLOB NOT NULL,
            revision INTEGER NOT NULL,
            status INTEGER NOT NULL,
            size INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            terms BLOB NOT NULL,
            words BLOB NOT NULL,
            fingerprint INTEGER NOT NULL,
            path TEXT NOT NULL
        ) STRICT;
        CREATE UNIQUE INDEX doc_by_item ON doc (dataset, item_id);
        CREATE INDEX doc_by_path ON doc (tenant, path);
        CREATE INDEX doc_by_size ON doc (tenant, size);
        CREATE INDEX doc_by_updated_at ON doc (tenant, updated_at);

        CREATE TABLE free_number (of INTEGER NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (of, number)) STRICT, WITHOUT ROWID;
        CREATE TABLE frequent_word (word TEXT PRIMARY KEY, tenant TEXT NOT NULL) STRICT, WITHOUT ROWID;

        CREATE VIRTUAL TABLE doc_text USING fts5 (
            path, metadata, labels, tokens,
            content='', contentless_delete=1, tokenize="ascii"
        );
        """;
}
