using System.Globalization;

namespace Edna.Sqlite;

/// <summary>
/// The steps that made a file what it is, in order; the first makes version 1. A step that has been released is never changed:
/// a later version gets a step of its own at the end.
/// </summary>
internal sealed class Migrations(string what, IReadOnlyList<string> steps)
{
    /// <summary>The version that this program writes.</summary>
    public int Version => steps.Count;

    /// <summary>What an earlier program knew: the steps up to a version.</summary>
    public Migrations UpTo(int version) => new(what, [.. steps.Take(version)]);

    /// <summary>Brings a file up to <see cref="Version"/>, each step in a transaction with its version number.</summary>
    /// <exception cref="SchemaTooNewException">The file was written by a newer program.</exception>
    public void Apply(Connection connection, string path)
    {
        var found = (int)connection.QueryLong("PRAGMA user_version");
        if (found > Version) throw new SchemaTooNewException(what, path, found, Version);
        for (var version = found + 1; version <= Version; version++)
        {
            connection.Execute("BEGIN IMMEDIATE");
            try
            {
                connection.Execute(steps[version - 1]);
                connection.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version={version}"));
                connection.Execute("COMMIT");
            }
            catch
            {
                if (connection.InTransaction) connection.Execute("ROLLBACK");
                throw;
            }
        }
    }
}

/// <summary>A file was written by a newer program than this one.</summary>
/// <param name="what">What the file is.</param>
/// <param name="path">Where it lies.</param>
/// <param name="found">The version of its schema.</param>
/// <param name="known">The newest version that this program knows.</param>
internal sealed class SchemaTooNewException(string what, string path, int found, int known) : Exception(string.Create(
    CultureInfo.InvariantCulture,
    $"state.schema_too_new: the {what} {path} has schema version {found}; this program knows versions up to {known}. Upgrade EDNA to the version that wrote it, or use another data directory."));
