using System.Globalization;
using Edna.Hosting;
using Edna.Items;
using Edna.Rebuild;
using Edna.Search;
using Microsoft.Extensions.DependencyInjection;

namespace Edna.Admin;

/// <summary><c>rebuild</c>: makes item table, index and datasets' settings anew from the bucket alone.</summary>
internal static class RebuildCommand
{
    private static readonly string[] Flags = ["--dry-run", "--restart", "--json"];
    private static readonly string[] Values = ["--dataset"];
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    /// <summary>Runs it; the exit code.</summary>
    public static Task<int> RunAsync(string[] arguments) => AdminHost.RunAsync(() => AdminOptions.Read(arguments, Flags, Values), RunAsync);

    private static async Task<int> RunAsync(IServiceProvider services, AdminOptions options, CancellationToken ct)
    {
        var (time, dryRun) = (services.GetRequiredService<TimeProvider>(), options.Has("--dry-run"));
        var file = new RebuildCheckpointFile(services.GetRequiredService<DataDirectory>());
        var checkpoint = Begin(file, options, dryRun, time);
        var indexer = services.GetRequiredService<SearchIndexer>();
        var rebuild = ActivatorUtilities.CreateInstance<BucketRebuild>(services);
        await AdminProgress.WhileAsync(
            () => rebuild.RunAsync(checkpoint, dryRun ? _ => { } : file.Write, indexer.Enqueue, dryRun, ct),
            () => new(checkpoint.Dataset ?? "datasets", checkpoint.Report.Items, checkpoint.OwnDone ? 1 : AdminPosition.Through(checkpoint.AfterItem)), time);
        if (!dryRun)
        {
            await AdminProgress.WhileAsync(() => IndexedAsync(services.GetRequiredService<IItemTable>(), indexer, time, ct), () => new("search index", checkpoint.Report.Items, 1), time);
            file.Remove();
        }
        Print(checkpoint.Report, options.Has("--json"), dryRun);
        return checkpoint.Report.FaultCount == 0 ? ExitCodes.Done : ExitCodes.Findings;
    }

    /// <summary>Goes on where one that was stopped or killed ended, unless it was asked for something else.</summary>
    private static RebuildCheckpoint Begin(RebuildCheckpointFile file, AdminOptions options, bool dryRun, TimeProvider time)
    {
        var only = AdminOptions.Dataset(options)?.ToString();
        if (!dryRun && !options.Has("--restart") && file.Read() is { } left)
        {
            if (left.Only != only) throw new AdminException(
                $"A rebuild of {left.Only ?? "all datasets"} was not finished. Run it again with its own options, or use --restart to begin anew.");
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Going on with the rebuild that began at {left.StartedAt:u}."));
            return left;
        }
        return new() { StartedAt = time.GetUtcNow(), Only = only };
    }

    private static async Task IndexedAsync(IItemTable table, SearchIndexer indexer, TimeProvider time, CancellationToken ct)
    {
        // Asked for again each time: what a killed rebuild wrote last, nobody was told of.
        while (await table.ListDirtyShardsAsync(ct) is { Count: > 0 } dirty)
        {
            foreach (var shard in dirty) indexer.Enqueue(shard);
            await Task.Delay(Look, time, ct);
        }
    }

    private static void Print(RebuildReport report, bool json, bool dryRun)
    {
        if (json)
        {
            Console.WriteLine(RebuildCheckpointFile.Write(report));
            return;
        }
        foreach (var fault in report.Faults) Console.WriteLine($"! {fault}");
        if (report.FaultCount > report.Faults.Count) Console.WriteLine($"! … and {report.FaultCount - report.Faults.Count} more");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{(dryRun ? "Would rebuild" : "Rebuilt")} {report.Datasets} datasets, {report.Items} items ({report.InPlace} in place, {report.Trashed} in the trash, {report.Failed} failed, {report.Labelled} with labels); {report.Unusable} ids make no item; {report.FaultCount} faults."));
    }
}
