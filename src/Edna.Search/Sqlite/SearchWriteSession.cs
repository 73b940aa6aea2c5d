using Edna.Items;
using Edna.Keys;
using Edna.Sqlite;

namespace Edna.Search.Sqlite;

/// <summary>What the writer of <c>search.db</c> keeps: its connection, and the numbers it has looked up.</summary>
internal sealed class SearchWriteSession : IWriteSession
{
    private const int KeptTerms = 50_000;

    private readonly Checkpoints _checkpoints;
    private readonly Dictionary<DatasetKey, int> _datasets = [];
    private readonly Dictionary<string, int> _fields = new(StringComparer.Ordinal);
    private readonly Dictionary<(int Field, string Value), int> _terms = [];

    /// <summary>Starts on a file that is up to date.</summary>
    /// <param name="connection">The connection, the session's own from now on.</param>
    /// <param name="checkpoints">Moves the log.</param>
    /// <param name="words">The frequent words of the file.</param>
    public SearchWriteSession(Connection connection, Checkpoints checkpoints, FrequentWords words)
    {
        (Connection, _checkpoints) = (connection, checkpoints);
        (Postings, FrequentWords) = (new(connection), words);
        InsertDocument = connection.Prepare("""
            INSERT INTO doc (dataset, item_id, revision, status, size, updated_at, terms, words, fingerprint, path)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
            """);
        InsertText = connection.Prepare("INSERT INTO doc_text (rowid, path, metadata, labels, tokens) VALUES (?, ?, ?, ?, ?)");
    }

    public Connection Connection { get; }

    /// <summary>The values of the document that is written now.</summary>
    public DocumentTerms Terms { get; } = new();

    /// <summary>The texts of the document that is written now.</summary>
    public DocumentText Text { get; } = new();

    /// <summary>The words of the document that is written now.</summary>
    public DocumentWords Words { get; } = new();

    /// <summary>Writes a document unless the item has one.</summary>
    public Statement InsertDocument { get; }

    /// <summary>Writes the words of a document that is new.</summary>
    public Statement InsertText { get; }

    /// <summary>Which documents have which terms.</summary>
    public PostingWrites Postings { get; }

    /// <summary>The words that are terms.</summary>
    public FrequentWords FrequentWords { get; }

    /// <summary>Items and bytes by dataset and status that this transaction adds or takes away.</summary>
    public SearchTally Tally { get; } = new();

    public int NumberOf(DatasetKey dataset)
    {
        if (_datasets.TryGetValue(dataset, out var number)) return number;
        number = FindOrInsert(
            Connection.Prepare("SELECT number FROM dataset WHERE tenant = ? AND name = ?").Bind(1, dataset.Tenant).Bind(2, dataset.Dataset),
            Connection.Prepare("INSERT INTO dataset (tenant, name) VALUES (?, ?)").Bind(1, dataset.Tenant).Bind(2, dataset.Dataset));
        return _datasets[dataset] = number;
    }

    public int FieldOf(string name)
    {
        if (_fields.TryGetValue(name, out var number)) return number;
        number = FindOrInsert(
            Connection.Prepare("SELECT number FROM field WHERE name = ?").Bind(1, name),
            Connection.Prepare("INSERT INTO field (name) VALUES (?)").Bind(1, name));
        if (_fields.Count == KeptTerms) _fields.Clear();
        return _fields[name] = number;
    }

    public int TermOf(int field, string value)
    {
        if (_terms.TryGetValue((field, value), out var number)) return number;
        number = FindOrInsert(
            Connection.Prepare("SELECT number FROM term WHERE field = ? AND value = ?").Bind(1, field).Bind(2, value),
            Connection.Prepare("INSERT INTO term (field, value) VALUES (?, ?)").Bind(1, field).Bind(2, value));
        if (_terms.Count == KeptTerms) _terms.Clear();
        return _terms[(field, value)] = number;
    }

    /// <summary>The term of a status.</summary>
    public int TermOf(ItemStatus status) => TermOf(FieldOf(SearchFields.Status), SearchFields.ValueOf(status));

    /// <summary>Makes values and words of a document ready to be written.</summary>
    public void Take(SearchDocument document)
    {
        Terms.Fill(this, document);
        Text.Fill(document);
        Words.Fill(Text);
    }

    public void Committing()
    {
        FrequentWords.Promote(this);
        Postings.Write();
        Tally.Write(Connection);
    }

    public void Committed() => _checkpoints.Committed(Connection);

    public void RolledBack()
    {
        Tally.Clear();
        Postings.Clear();
        _datasets.Clear();
        _fields.Clear();
        _terms.Clear();
        FrequentWords.Forget();
    }

    public void Dispose()
    {
        _checkpoints.Dispose();
        try
        {
            Connection.Checkpoint(truncate: true);
        }
        finally
        {
            Connection.Dispose();
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
        return checked((int)Connection.LastInsertRowId);
    }
}
