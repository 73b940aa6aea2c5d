using Edna.Sqlite;

namespace Edna.Search.Sqlite;

/// <summary>
/// The fields and terms as the writer knows them: finds their numbers, makes new ones, and at the end of a transaction removes those that no
/// document has any more.
/// </summary>
/// <param name="connection">The writer's connection.</param>
internal sealed class WrittenTerms(Connection connection)
{
    private const int Kept = 50_000;

    private readonly FreeNumbers _free = new(connection, NumbersOf.Terms);
    private readonly Postings _postings = new(connection);
    private readonly Dictionary<string, int> _fields = new(StringComparer.Ordinal);
    private readonly Dictionary<(int Field, string Value), int> _terms = [];
    private readonly HashSet<int> _made = [];
    private readonly HashSet<int> _used = [];

    /// <summary>The number of a field, which is made if need be.</summary>
    public int FieldOf(string name)
    {
        if (_fields.TryGetValue(name, out var number)) return number;
        if (Find(connection.Prepare("SELECT number FROM field WHERE name = ?").Bind(1, name)) is { } found) return Keep(_fields, name, found);
        connection.Prepare("INSERT INTO field (name) VALUES (?)").Bind(1, name).Run();
        return Keep(_fields, name, checked((int)connection.LastInsertRowId));
    }

    /// <summary>The number of a term, which is made if need be.</summary>
    public int TermOf(int field, string value)
    {
        if (_terms.TryGetValue((field, value), out var number)) return number;
        if (Find(connection.Prepare("SELECT number FROM term WHERE field = ? AND value = ?").Bind(1, field).Bind(2, value)) is { } found) return Keep(_terms, (field, value), found);
        var free = _free.Next;
        connection.Prepare("INSERT INTO term (number, field, value) VALUES (?, ?, ?)").Bind(1, free).Bind(2, field).Bind(3, value).Run();
        if (free is { } taken) _free.Take(taken);
        number = checked((int)connection.LastInsertRowId);
        _made.Add(number);
        return Keep(_terms, (field, value), number);
    }

    /// <summary>Writes the postings of a transaction, and removes terms that no document has; those of frequent words stay until the word is none.</summary>
    public void Write(PostingWrites postings, FrequentWords words)
    {
        postings.Write(emptied: _made, kept: _used);
        _made.ExceptWith(_used);
        foreach (var term in _made)
            if (!words.IsWord(term) && !_postings.HasMoreThan(term, 0)) Remove(term);
        _made.Clear();
        _used.Clear();
    }

    /// <summary>Removes a term that no document has, and its field with the last one.</summary>
    public void Remove(int term)
    {
        var row = connection.Prepare("SELECT t.field, t.value, f.name FROM term t JOIN field f ON f.number = t.field WHERE t.number = ?").Bind(1, term);
        if (!row.Step()) return;
        var (field, value, name) = (row.Int(0), row.Text(1), row.Text(2));
        row.Reset();
        connection.Prepare("DELETE FROM term WHERE number = ?").Bind(1, term).Run();
        _terms.Remove((field, value));
        _free.Free(term);
        if (Find(connection.Prepare("SELECT number FROM term WHERE field = ? LIMIT 1").Bind(1, field)) is not null) return;
        connection.Prepare("DELETE FROM field WHERE number = ?").Bind(1, field).Run();
        _fields.Remove(name);
    }

    /// <summary>Forgets everything: a transaction left nothing.</summary>
    public void Forget()
    {
        _fields.Clear();
        _terms.Clear();
        _made.Clear();
        _used.Clear();
        _free.Forget();
    }

    private static int Keep<TKey>(Dictionary<TKey, int> known, TKey key, int number) where TKey : notnull
    {
        if (known.Count >= Kept) known.Clear();
        return known[key] = number;
    }

    private static int? Find(Statement row)
    {
        int? number = row.Step() ? row.Int(0) : null;
        row.Reset();
        return number;
    }
}
