using System.Globalization;
using Edna.Sqlite;

namespace Edna.Search.Sqlite;

/// <summary>Ids that the inverted index finds, read beside the documents of a search.</summary>
/// <param name="connection">The connection.</param>
/// <param name="within">What all documents of the search meet.</param>
internal sealed class IdStreams(Connection connection, string within) : IDisposable
{
    private readonly List<Statement> _open = [];
    private readonly Dictionary<string, Ascending> _byQuestion = new(StringComparer.Ordinal);

    /// <summary>What all documents of the search meet: streams that are opened from now on tell of no others.</summary>
    public string Within { get; set; } = within;

    /// <summary>The ids of the documents that meet an expression. Who asks for the same has the same stream.</summary>
    public Ascending Open(string expression)
    {
        var question = $"{expression} AND {Within}";
        if (_byQuestion.TryGetValue(question, out var known)) return known;
        // Each stream needs a statement of its own, and a statement is known by its text.
        var number = _open.Count + 1;
        var rows = connection.Prepare(string.Create(CultureInfo.InvariantCulture, $"SELECT rowid FROM doc_text WHERE doc_text MATCH ?{number} ORDER BY rowid"));
        _open.Add(rows.Bind(number, question));
        return _byQuestion[question] = new(rows);
    }

    public void Dispose()
    {
        foreach (var rows in _open) rows.Reset();
    }

    /// <summary>Ids that come in ascending order, asked for in ascending order.</summary>
    internal sealed class Ascending(Statement rows)
    {
        private long _at = long.MinValue;

        public bool Contains(long id)
        {
            while (_at < id) _at = rows.Step() ? rows.Long(0) : long.MaxValue;
            return _at == id;
        }
    }
}
