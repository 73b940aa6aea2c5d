using Edna.Keys;
using Edna.Sqlite;

namespace Edna.Search.Sqlite;

/// <summary>What the writer of <c>search.db</c> keeps: its connection, and the numbers it has looked up.</summary>
internal sealed class SearchWriteSession(Connection connection, Checkpoints checkpoints) : IWriteSession
{
    private const int KeptTerms = 50_000;

    private readonly Dictionary<DatasetKey, int> _datasets = [];
    private readonly Dictionary<string, int> _fields = new(StringComparer.Ordinal);
    private readonly Dictionary<(int Field, string Value), int> _terms = [];

    public Connection Connection => connection;

    /// <summary>The values of the document that is written now.</summary>
    public DocumentTerms Terms { get; } = new();

    /// <summary>The words of the document that is written now.</summary>
    public DocumentText Text { get; } = new();

    /// <summary>Writes a document unless the item has one.</summary>
    public Statement InsertDocument { get; } = connection.Prepare("""
        INSERT INTO doc (dataset, item_id, revision, status, size, updated_at, terms, fingerprint, path)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
        """);

    /// <summary>Writes the words of a document that is new.</summary>
    public Statement InsertText { get; } =
        connection.Prepare("INSERT INTO doc_text (rowid, path, metadata, labels, terms) VALUES (?, ?, ?, ?, ?)");

    /// <summary>Items and bytes by dataset and status that this transaction adds or takes away.</summary>
    public SearchTally Tally { get; } = new();

    public int NumberOf(DatasetKey dataset)
    {
        if (_datasets.TryGetValue(dataset, out var number)) return number;
        number = FindOrInsert(
            connection.Prepare("SELECT number FROM dataset WHERE tenant = ? AND name = ?").Bind(1, dataset.Tenant).Bind(2, dataset.Dataset),
            connection.Prepare("INSERT INTO dataset (tenant, name) VALUES (?, ?)").Bind(1, dataset.Tenant).Bind(2, dataset.Dataset));
        return _datasets[dataset] = number;
    }

    public int FieldOf(string name)
    {
        if (_fields.TryGetValue(name, out var number)) return number;
        number = FindOrInsert(
            connection.Prepare("SELECT number FROM field WHERE name = ?").Bind(1, name),
            connection.Prepare("INSERT INTO field (name) VALUES (?)").Bind(1, name));
        if (_fields.Count == KeptTerms) _fields.Clear();
        return _fields[name] = number;
    }

    public int TermOf(int field, string value)
    {
        if (_terms.TryGetValue((field, value), out var number)) return number;
        number = FindOrInsert(
            connection.Prepare("SELECT number FROM term WHERE field = ? AND value = ?").Bind(1, field).Bind(2, value),
            connection.Prepare("INSERT INTO term (field, value) VALUES (?, ?)").Bind(1, field).Bind(2, value));
        if (_terms.Count == KeptTerms) _terms.Clear();
        return _terms[(field, value)] = number;
    }

    /// <summary>Makes values and words of a document ready to be written.</summary>
    public void Take(SearchDocument document, int dataset)
    {
        Terms.Fill(this, document);
        Text.Fill(document, dataset, TermOf(FieldOf(SearchFields.Tenant), document.Key.Dataset.Tenant), Terms.Values);
    }

    public void Committing() => Tally.Write(connection);

    public void Committed() => checkpoints.Committed(connection);

    public void RolledBack()
    {
        Tally.Clear();
        _datasets.Clear();
        _fields.Clear();
        _terms.Clear();
    }

    public void Dispose()
    {
        checkpoints.Dispose();
        try
        {
            connection.Checkpoint(truncate: true);
        }
        finally
        {
            connection.Dispose();
        }
    }

    private int FindOrInsert(Statement find, Statement insert)
    {
        if (find.Step())
        {
            var number = find.Int(0);
            find.Reset();
            return number;
        }
        insert.Run();
        return checked((int)connection.LastInsertRowId);
    }
}
