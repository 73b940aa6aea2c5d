using System.CommandLine;
using Edna.Client;

namespace Edna.Cli;

/// <summary><c>edna import DATASET [PREFIX]</c>.</summary>
internal static class ImportCommand
{
    public static Command Create(Connection connection)
    {
        var dataset = new Argument<string>("DATASET") { Description = "The dataset whose bucket the objects lie in." };
        var prefix = new Argument<string?>("PREFIX") { Description = "Only keys that start so, whole or after the dataset's root; all when left out.", Arity = ArgumentArity.ZeroOrOne };
        var details = new Option<bool>("--details") { Description = "Ask the store for each object's tags, metadata and media type." };
        var command = new Command("import", "Register objects of a dataset's bucket where they lie. Importing again registers only what changed.") { dataset, prefix, details };
        command.Does(connection, async (client, parsed, ct) =>
        {
            var into = parsed.GetRequiredValue(dataset);
            var job = await client.ImportAsync(into, new CreateImport { Prefix = parsed.GetValue(prefix), Details = parsed.GetValue(details) }, ct);
            var ended = await ProgressBar.RunAsync($"Importing into {into}", report => client.WaitForJobAsync(
                job.Id, new Report<JobProgress>(p => report(p.Done, p.Total ?? 0)), ct));
            return await SayAsync(into, ended);
        });
        return command;
    }

    private static async Task<int> SayAsync(string dataset, Job job)
    {
        var result = job.ToImportResult();
        await Print.LineAsync($"{dataset}: {result.Registered:N0} registered, {result.Unchanged:N0} unchanged, {result.Updated:N0} updated, {result.Skipped.Values.Sum():N0} skipped");
        foreach (var (reason, count) in result.Skipped) await Print.LineAsync($"  {reason}: {count:N0}");
        await Print.ErrorsAsync(job);
        if (job.Status == JobStatuses.Succeeded) return ExitCodes.Done;
        await Print.NoteAsync($"edna: the import {(job.Status == JobStatuses.Cancelled ? "was cancelled" : "failed")} ({job.Id})");
        return ExitCodes.Failed;
    }
}
