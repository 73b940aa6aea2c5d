using Edna.Compliance.Items;
using Edna.Keys;
using Edna.Storage.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;
using static Edna.Compliance.Items.TestRows;

namespace Edna.Storage.Tests.Sqlite;

public sealed class KilledWriterTests
{
    private const int Acknowledged = 1_500;

    [Fact]
    public async Task Every_acknowledged_row_is_there_after_the_writer_was_killed()
    {
        var ct = TestContext.Current.CancellationToken;
        var directory = TemporaryDirectory.Make();
        var paths = new List<string>();
        using (var writer = AcknowledgingWriter.Start(directory))
        {
            while (await writer.StandardOutput.ReadLineAsync(ct) is { } line)
            {
                if (AcknowledgingWriter.NumberIn(line) is not { } number) continue;
                paths.Add(AcknowledgingWriter.PathOf(number));
                if (paths.Count == Acknowledged) writer.Kill();
            }
            await writer.WaitForExitAsync(ct);
        }
        Assert.InRange(paths.Count, Acknowledged, int.MaxValue);

        await using (var database = new StateDatabase(directory, new(), NullLogger<StateDatabase>.Instance))
        {
            var table = new SqliteItemTable(database);
            var rows = await table.ReadManyAsync(Pets, [.. paths.Select(ItemId.FromPath)], ct);
            Assert.Equal(paths, rows.Select(row => row?.Path));
            var told = (await table.AllChangesAsync(Pets, limit: 1000)).Select(change => change.Path).Order(StringComparer.Ordinal);
            Assert.Equal(await table.ListAllAsync(Pets, new() { Limit = 1000 }), told);
        }
        Directory.Delete(directory.Path, recursive: true);
    }
}
