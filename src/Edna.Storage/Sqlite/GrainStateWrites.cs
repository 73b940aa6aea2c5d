using Edna.Sqlite;

namespace Edna.Storage.Sqlite;

/// <summary>Where a grain's state lies.</summary>
/// <param name="Service">The cluster's service id.</param>
/// <param name="Grain">The grain id.</param>
/// <param name="Name">The state's name.</param>
internal readonly record struct GrainStateKey(string Service, string Grain, string Name);

/// <summary>The statements that write grain state. On the writer's thread only.</summary>
internal static class GrainStateWrites
{
    /// <summary>Writes a state whose revision is as expected, 0 for no row; null, or the revision that is there instead.</summary>
    public static long? Write(Connection connection, GrainStateKey key, long expected, byte[] body)
    {
        var sql = expected == 0
            ? "INSERT INTO grain_state (service, grain, name, revision, body) VALUES (?1, ?2, ?3, 1, ?5) ON CONFLICT DO NOTHING"
            : "UPDATE grain_state SET revision = ?4 + 1, body = ?5 WHERE service = ?1 AND grain = ?2 AND name = ?3 AND revision = ?4";
        var statement = Bind(connection.Prepare(sql), key).BindBlob(5, body);
        if (expected != 0) statement.Bind(4, expected);
        return statement.RunCounting() == 1 ? null : RevisionOf(connection, key);
    }

    /// <summary>Removes a state whose revision is as expected; null, or the revision that is there instead.</summary>
    public static long? Clear(Connection connection, GrainStateKey key, long expected)
    {
        if (expected != 0)
        {
            var statement = Bind(connection.Prepare(
                "DELETE FROM grain_state WHERE service = ?1 AND grain = ?2 AND name = ?3 AND revision = ?4"), key).Bind(4, expected);
            if (statement.RunCounting() == 1) return null;
        }
        var stored = RevisionOf(connection, key);
        return stored == expected ? null : stored;
    }

    private static long RevisionOf(Connection connection, GrainStateKey key)
    {
        var row = Bind(connection.Prepare("SELECT revision FROM grain_state WHERE service = ?1 AND grain = ?2 AND name = ?3"), key);
        var revision = row.Step() ? row.Long(0) : 0;
        row.Reset();
        return revision;
    }

    private static Statement Bind(Statement statement, GrainStateKey key) =>
        statement.Bind(1, key.Service).Bind(2, key.Grain).Bind(3, key.Name);
}
