using System.Diagnostics;
using System.Globalization;
using Edna.Compliance.Items;
using Edna.Hosting;
using Edna.Storage.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;
using static Edna.Compliance.Items.TestRows;

namespace Edna.Storage.Tests.Sqlite;

/// <summary>
/// This program as a child process that does nothing but write rows and print the number of each that was acknowledged, until
/// it is killed. Explicit: only a child process that was asked for it runs it.
/// </summary>
public sealed class AcknowledgingWriter
{
    private const string Variable = "EDNA_TEST_ACKNOWLEDGING_WRITER";
    private const int Writers = 8;

    private const string Mark = "acknowledged ";

    /// <summary>Starts one on a directory.</summary>
    internal static Process Start(DataDirectory directory) => Process.Start(new ProcessStartInfo
    {
        FileName = Path.ChangeExtension(typeof(AcknowledgingWriter).Assembly.Location, OperatingSystem.IsWindows() ? "exe" : null),
        ArgumentList = { "-class", typeof(AcknowledgingWriter).FullName!, "-explicit", "only" },
        Environment = { [Variable] = directory.Path },
        RedirectStandardOutput = true,
    })!;

    /// <summary>The path that the row of a number has.</summary>
    internal static string PathOf(int number) => string.Create(CultureInfo.InvariantCulture, $"p{number}");

    /// <summary>The number in a line that it printed; null when the line is another.</summary>
    internal static int? NumberIn(string line) =>
        line.StartsWith(Mark, StringComparison.Ordinal) && line.EndsWith('.')
            ? int.Parse(line.AsSpan()[Mark.Length..^1], CultureInfo.InvariantCulture)
            : null;

    [Fact(Explicit = true)]
    public Task Write_until_killed()
    {
        var path = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipWhen(path is null, "Only KilledWriterTests asks for it, in a process of its own.");
        return WriteForeverAsync(new(path!));
    }

    private static async Task WriteForeverAsync(DataDirectory directory)
    {
        var table = new SqliteItemTable(new(directory, new(), NullLogger<StateDatabase>.Instance));
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(async writer =>
        {
            for (var n = writer; ; n += Writers)
            {
                await table.PutAsync(Row(PathOf(n)));
                Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Mark}{n}."));
            }
        }));
    }
}
