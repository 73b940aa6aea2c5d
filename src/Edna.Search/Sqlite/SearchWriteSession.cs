using Edna.Items;
using Edna.Keys;
using Edna.Sqlite;

namespace Edna.Search.Sqlite;

/// <summary>What the writer of <c>search.db</c> keeps: its connection, and the numbers it has looked up.</summary>
internal sealed class SearchWriteSession : IWriteSession
{
    private readonly Checkpoints _checkpoints;
    private readonly Dictionary<DatasetKey, int> _datasets = [];
    private readonly WrittenTerms _terms;

    /// <summary>Starts on a file that is up to date.</summary>
    /// <param name="connection">The connection, the session's own from now on.</param>
    /// <param name="checkpoints">Moves the log.</param>
    /// <param name="words">The frequent words of the file.</param>
    public SearchWriteSession(Connection connection, Checkpoints checkpoints, FrequentWords words)
    {
        (Connection, _checkpoints) = (connection, checkpoints);
        (Postings, FrequentWords, FreeIds, _terms) = (new(connection), words, new(connection, NumbersOf.Documents), new(connection));
        InsertDocument = connection.Prepare("""
            INSERT INTO doc (dataset, item_id, revision, status, size, updated_at, terms, words, fingerprint, path, tenant, id)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (dataset, item_id) DO NOTHING
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

    /// <summary>Ids of documents that are gone.</summary>
    public FreeNumbers FreeIds { get; }

    /// <summary>Which documents have which terms.</summary>
    public PostingWrites Postings { get; }

    /// <summary>The words that are terms.</summary>
    public FrequentWords FrequentWords { get; }

    /// <summary>Items and bytes by dataset and status that this transaction adds or takes away.</summary>
    public SearchTally Tally { get; } = new();

    /// <summary>The dataset's number, made if need be.</summary>
    public int NumberOf(DatasetKey dataset)
    {
        if (FindNumberOf(dataset) is not { } number)
        {
            Connection.Prepare("INSERT INTO dataset (tenant, name) VALUES (?, ?)").Bind(1, dataset.Tenant).Bind(2, dataset.Dataset).Run();
            number = checked((int)Connection.LastInsertRowId);
        }
        return _datasets[dataset] = number;
    }

    /// <summary>The dataset's number, if it has had documents.</summary>
    public int? FindNumberOf(DatasetKey dataset)
    {
        if (_datasets.TryGetValue(dataset, out var number)) return number;
        var row = Connection.Prepare("SELECT number FROM dataset WHERE tenant = ? AND name = ?").Bind(1, dataset.Tenant).Bind(2, dataset.Dataset);
        int? found = row.Step() ? row.Int(0) : null;
        row.Reset();
        return found;
    }

    public int FieldOf(string name) => _terms.FieldOf(name);

    public int TermOf(int field, string value) => _terms.TermOf(field, value);

    /// <summary>The term of a tenant.</summary>
    public int TermOfTenant(string tenant) => TermOf(FieldOf(SearchFields.Tenant), tenant);

    /// <summary>The term of a status.</summary>
    public int TermOf(ItemStatus status) => TermOf(FieldOf(SearchFields.Status), SearchFields.ValueOf(status));

    /// <summary>Makes values and words of a document ready to be written.</summary>
    public void Take(SearchDocument document)
    {
        Terms.Fill(this, document);
        Text.Fill(document);
        Words.Fill(Text);
    }

    /// <summary>Drops the terms of a word that is frequent no more, which lie in no posting by now.</summary>
    public void Drop(ReadOnlySpan<int> terms)
    {
        foreach (var term in terms)
        {
            Postings.Forget(term);
            _terms.Remove(term);
        }
    }

    public void Committing()
    {
        FrequentWords.Promote(this);
        _terms.Write(Postings, FrequentWords);
        FrequentWords.Demote(_terms);
        Tally.Write(Connection, _datasets);
    }

    public void Committed() => _checkpoints.Committed(Connection);

    public void RolledBack()
    {
        Tally.Clear();
        Postings.Clear();
        _datasets.Clear();
        _terms.Forget();
        FreeIds.Forget();
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
}
