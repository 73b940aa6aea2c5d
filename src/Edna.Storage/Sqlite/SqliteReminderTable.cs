using System.Globalization;
using Edna.Sqlite;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Edna.Storage.Sqlite;

/// <summary>Orleans reminders in <c>edna.db</c>, under the cluster's service id.</summary>
internal sealed class SqliteReminderTable(StateDatabase database, IOptions<ClusterOptions> cluster) : IReminderTable
{
    private const string Columns = "grain, name, start_at, period, revision";

    private readonly string _service = cluster.Value.ServiceId;

    /// <inheritdoc />
    public async Task<ReminderTableData> ReadRows(GrainId grainId) => new(await ReadAsync(
        $"SELECT {Columns} FROM reminder WHERE service = ? AND grain = ?", rows => rows.Bind(2, grainId.ToString())));

    /// <summary>Those whose grain's hash is above <paramref name="begin"/> up to <paramref name="end"/>, round the ring when <paramref name="begin"/> is not below.</summary>
    public async Task<ReminderTableData> ReadRows(uint begin, uint end) => new(await ReadAsync(
        begin < end
            ? $"SELECT {Columns} FROM reminder WHERE service = ? AND hash > ? AND hash <= ?"
            : $"SELECT {Columns} FROM reminder WHERE service = ? AND (hash > ? OR hash <= ?)",
        rows => rows.Bind(2, (long)begin).Bind(3, (long)end)));

    /// <inheritdoc />
    public async Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName) => (await ReadAsync(
        $"SELECT {Columns} FROM reminder WHERE service = ? AND grain = ? AND name = ?",
        rows => rows.Bind(2, grainId.ToString()).Bind(3, reminderName))).FirstOrDefault();

    /// <inheritdoc />
    public async Task<string?> UpsertRow(ReminderEntry entry)
    {
        var revision = await database.WriteAsync(session =>
        {
            var statement = session.Connection.Prepare("""
                INSERT INTO reminder (service, grain, name, hash, start_at, period, revision) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 1)
                ON CONFLICT DO UPDATE SET start_at = ?5, period = ?6, revision = revision + 1 RETURNING revision
                """);
            statement.Bind(1, _service).Bind(2, entry.GrainId.ToString()).Bind(3, entry.ReminderName)
                .Bind(4, (long)entry.GrainId.GetUniformHashCode()).Bind(5, ToUtc(entry.StartAt).Ticks).Bind(6, entry.Period.Ticks).Step();
            var written = statement.Long(0);
            statement.Run();
            return written;
        }, 1, CancellationToken.None);
        return revision.ToString(CultureInfo.InvariantCulture);
    }

    /// <inheritdoc />
    public Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag) =>
        database.WriteAsync(session => session.Connection
            .Prepare("DELETE FROM reminder WHERE service = ? AND grain = ? AND name = ? AND revision = ?")
            .Bind(1, _service).Bind(2, grainId.ToString()).Bind(3, reminderName).Bind(4, long.Parse(eTag, CultureInfo.InvariantCulture))
            .RunCounting() == 1, 1, CancellationToken.None);

    /// <inheritdoc />
    public Task TestOnlyClearTable() =>
        database.WriteAsync(session => session.Connection.Prepare("DELETE FROM reminder WHERE service = ?").Bind(1, _service).RunCounting(),
            1, CancellationToken.None);

    private ValueTask<List<ReminderEntry>> ReadAsync(string sql, Action<Statement> bind) => database.ReadAsync(connection =>
    {
        var rows = connection.Prepare(sql).Bind(1, _service);
        bind(rows);
        var entries = new List<ReminderEntry>();
        while (rows.Step())
        {
            entries.Add(new()
            {
                GrainId = GrainId.Parse(rows.Text(0), CultureInfo.InvariantCulture),
                ReminderName = rows.Text(1),
                StartAt = new(rows.Long(2), DateTimeKind.Utc),
                Period = new(rows.Long(3)),
                ETag = rows.Long(4).ToString(CultureInfo.InvariantCulture),
            });
        }
        return entries;
    }, CancellationToken.None);

    private static DateTime ToUtc(DateTime time) =>
        time.Kind == DateTimeKind.Unspecified ? DateTime.SpecifyKind(time, DateTimeKind.Utc) : time.ToUniversalTime();
}
