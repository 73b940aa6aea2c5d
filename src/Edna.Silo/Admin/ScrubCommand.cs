using System.Globalization;
using Edna.Hosting;
using Edna.Rebuild;
using Edna.Scrub;
using Microsoft.Extensions.DependencyInjection;

namespace Edna.Admin;

/// <summary><c>scrub</c>: compares bucket and table, and mends what differs where that is asked for.</summary>
internal static class ScrubCommand
{
    private static readonly string[] Flags = ["--repair", "--deep", "--remove-unknown", "--restart", "--json"];
    private static readonly string[] Values = ["--dataset", "--older-than"];

    /// <summary>Runs it; the exit code.</summary>
    public static Task<int> RunAsync(string[] arguments) => AdminHost.RunAsync(() => AdminOptions.Read(arguments, Flags, Values), RunAsync);

    private static async Task<int> RunAsync(IServiceProvider services, AdminOptions options, CancellationToken ct)
    {
        var (scrub, only) = (Read(options), AdminOptions.Dataset(options));
        if (scrub.RemoveUnknown && new RebuildCheckpointFile(services.GetRequiredService<DataDirectory>()).Read() is not null)
            throw new AdminException("--remove-unknown: a rebuild was begun and has not ended, so the table does not know all items yet. End it first: rebuild");
        var file = new ScrubCheckpointFile(services.GetRequiredService<DataDirectory>());
        var asked = $"{scrub} {only}";
        var left = options.Has("--restart") ? null : file.Read();
        if (left?.Options == asked) Console.Error.WriteLine("Going on with the scrub that was not finished.");
        var checkpoint = left?.Options == asked ? left : new() { Options = asked };
        await AdminProgress.WhileAsync(
            () => services.GetRequiredService<BucketScrub>().RunAsync(checkpoint, scrub, only, file.Write, ct),
            () => new(checkpoint.Dataset ?? "datasets", checkpoint.Items, AdminPosition.Through(checkpoint.AfterItem)), services.GetRequiredService<TimeProvider>());
        file.Remove();
        Print(checkpoint, options.Has("--json"));
        return checkpoint.Total == 0 ? ExitCodes.Done : ExitCodes.Findings;
    }

    private static ScrubOptions Read(AdminOptions options)
    {
        var scrub = new ScrubOptions { Repair = options.Has("--repair"), Deep = options.Has("--deep"), RemoveUnknown = options.Has("--remove-unknown") };
        if (options["--older-than"] is not { } text) return scrub;
        return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var age) && age >= TimeSpan.Zero
            ? scrub with { OlderThan = age }
            : throw new AdminException("--older-than: must be a time such as 1.00:00:00 (a day) or 00:10:00 (ten minutes).");
    }

    private static void Print(ScrubCheckpoint result, bool json)
    {
        if (json)
        {
            Console.WriteLine(ScrubCheckpointFile.ToLine(result));
            return;
        }
        foreach (var detail in result.Details) Console.WriteLine(detail);
        if (result.Total > result.Details.Count) Console.WriteLine($"… and {result.Total - result.Details.Count} more");
        foreach (var (kind, count) in result.Found)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{kind}: {count} found, {result.Repaired.GetValueOrDefault(kind)} mended"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Compared {result.Items} items: {result.Total} findings, {result.Repaired.Values.Sum()} mended."));
    }
}
