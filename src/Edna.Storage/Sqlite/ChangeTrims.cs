using Edna.Changes;
using Edna.Keys;
using Edna.Sqlite;

namespace Edna.Storage.Sqlite;

/// <summary>The statements that forget changes, each with the new start of the feed in the same commit. On the writer's thread only.</summary>
internal static class ChangeTrims
{
    private const string Oldest = "SELECT number, at FROM change WHERE dataset = ? ORDER BY number LIMIT ?";

    /// <summary>Forgets changes that were made before a time, a bounded number of them; how many.</summary>
    public static int Trim(StateWriteSession session, DatasetKey dataset, DateTimeOffset before, int limit)
    {
        if (session.FindNumber(dataset) is not { } number) return 0;
        var (numbers, times) = (new List<long>(), new List<DateTimeOffset>());
        var oldest = session.Connection.Prepare(Oldest).Bind(1, number).Bind(2, limit);
        while (oldest.Step())
        {
            numbers.Add(oldest.Long(0));
            times.Add(ItemRowColumns.FromTicks(oldest.Long(1)));
        }
        var expired = ChangeRetention.CountExpired(times, before);
        return expired == 0 ? 0 : Forget(session.Connection, number, numbers[expired - 1]);
    }

    /// <summary>Forgets some of a dataset's changes, whenever they were made; how many.</summary>
    public static int Remove(Connection connection, int dataset, int limit)
    {
        var last = connection.Prepare("SELECT max(number) FROM (SELECT number FROM change WHERE dataset = ? ORDER BY number LIMIT ?)").Bind(1, dataset).Bind(2, limit);
        last.Step();
        var upTo = last.NullableLong(0);
        last.Reset();
        return upTo is { } number ? Forget(connection, dataset, number) : 0;
    }

    /// <summary>The datasets whose oldest change was made before a time: one step of the primary key each.</summary>
    public static IReadOnlyList<DatasetKey> List(Connection connection, DatasetNumbers numbers, DateTimeOffset before)
    {
        var next = connection.Prepare("SELECT dataset, at FROM change WHERE dataset > ? ORDER BY dataset, number LIMIT 1");
        var datasets = new List<DatasetKey>();
        for (var after = 0L; next.Bind(1, after).Step();)
        {
            after = next.Long(0);
            var at = ItemRowColumns.FromTicks(next.Long(1));
            next.Reset();
            if (at < before && numbers.DatasetOf((int)after) is { } dataset) datasets.Add(dataset);
        }
        return datasets;
    }

    private static int Forget(Connection connection, int dataset, long upTo)
    {
        connection.Prepare("INSERT INTO change_start VALUES (?1, ?2) ON CONFLICT (dataset) DO UPDATE SET number = ?2").Bind(1, dataset).Bind(2, upTo).Run();
        return connection.Prepare("DELETE FROM change WHERE dataset = ? AND number <= ?").Bind(1, dataset).Bind(2, upTo).RunCounting();
    }
}
