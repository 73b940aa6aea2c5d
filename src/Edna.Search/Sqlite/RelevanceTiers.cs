using Edna.Sqlite;

namespace Edna.Search.Sqlite;

/// <summary>
/// How relevant a hit is: 0 when all words stand in the path, 1 when all stand in path or label classes, 2 when metadata is needed.
/// Unlike BM25 it costs little, and it does not change when other items do, so a cursor holds its place.
/// </summary>
internal sealed class RelevanceTiers(Connection connection, SearchPlan plan)
{
    private const string Ids = "SELECT rowid FROM doc_text WHERE doc_text MATCH ";

    private readonly Ascending _inPath = new(connection.Prepare(Ids + "?1").Bind(1, plan.MatchIn("path")));
    private readonly Ascending _inPathOrLabels = new(connection.Prepare(Ids + "?2").Bind(2, plan.MatchIn("path labels")));

    /// <summary>The tier of a hit. Hits are asked for in the order of their ids, in which the inverted index tells them.</summary>
    public long Of(long id) => _inPath.Contains(id) ? 0 : _inPathOrLabels.Contains(id) ? 1 : 2;

    public void End()
    {
        _inPath.End();
        _inPathOrLabels.End();
    }

    /// <summary>Ids that come in ascending order, asked for in ascending order.</summary>
    private sealed class Ascending(Statement rows)
    {
        private long _at = long.MinValue;

        public bool Contains(long id)
        {
            while (_at < id) _at = rows.Step() ? rows.Long(0) : long.MaxValue;
            return _at == id;
        }

        public void End() => rows.Reset();
    }
}
