using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Edna.Compliance.Items;
using Edna.Hosting;
using Edna.Storage.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using static Edna.Compliance.Items.TestRows;

namespace Edna.Storage.Tests.Sqlite;

/// <summary>
/// This program as a child process that does nothing but write rows and print the number of each that was acknowledged, until
/// it is killed. It is started with the variable <see cref="Variable"/> set.
/// </summary>
internal static class AcknowledgingWriter
{
    private const string Variable = "EDNA_TEST_ACKNOWLEDGING_WRITER";
    private const int Writers = 8;

    /// <summary>Starts one on a directory.</summary>
    public static Process Start(DataDirectory directory) => Process.Start(new ProcessStartInfo
    {
        FileName = Path.ChangeExtension(typeof(AcknowledgingWriter).Assembly.Location, OperatingSystem.IsWindows() ? "exe" : null),
        Environment = { [Variable] = directory.Path },
        RedirectStandardOutput = true,
    })!;

    /// <summary>The path that the row of a number has.</summary>
    public static string PathOf(int number) => string.Create(CultureInfo.InvariantCulture, $"p{number}");

    [ModuleInitializer]
    internal static void RunIfAsked()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } path) WriteForeverAsync(new(path)).GetAwaiter().GetResult();
    }

    private static async Task WriteForeverAsync(DataDirectory directory)
    {
        var table = new SqliteItemTable(new(directory, new(), NullLogger<StateDatabase>.Instance));
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(async writer =>
        {
            for (var n = writer; ; n += Writers)
            {
                await table.PutAsync(Row(PathOf(n)));
                Console.Out.WriteLine(n.ToString(CultureInfo.InvariantCulture));
            }
        }));
    }
}
