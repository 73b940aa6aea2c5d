using System.CommandLine;
using Edna.Client;

namespace Edna.Cli;

/// <summary><c>edna pull DATASET DIR</c>.</summary>
internal static class PullCommand
{
    public static Command Create(Connection connection)
    {
        var dataset = new Argument<string>("DATASET") { Description = "The dataset." };
        var folder = new Argument<DirectoryInfo>("DIR") { Description = "The folder, made if it is not there." };
        var prefix = new Option<string?>("--prefix") { Description = "Only items whose path starts so." };
        var split = new Option<string?>("--split") { Description = "Only items of this split." };
        var downloads = Concurrency.Option("Downloads at a time.");
        var command = new Command("pull", "Bring a dataset's files to a folder, each compared with its checksum. Pulling again fetches only what is missing.")
        {
            dataset, folder, prefix, split, downloads,
        };
        command.Does(connection, async (client, parsed, ct) =>
        {
            var (from, to) = (parsed.GetRequiredValue(dataset), parsed.GetRequiredValue(folder));
            var options = new PullOptions
            {
                Query = new ItemQuery { PathPrefix = parsed.GetValue(prefix), Split = parsed.GetValue(split) }, Concurrency = parsed.GetValue(downloads),
            };
            var result = await ProgressBar.RunAsync($"Pulling {from}", report => client.PullAsync(
                from, to.FullName, options, new Report<PullProgress>(p => report(p.Settled, p.Found)), ct));
            await Print.LineAsync($"{from}: {result.Downloaded:N0} downloaded, {result.Unchanged:N0} unchanged, {result.Failures.Count:N0} failed");
            if (result.ComparedBySize > 0) await Print.NoteAsync($"{result.ComparedBySize:N0} have no checksum that can be computed here and were compared by size.");
            await Print.FailuresAsync(result.Failures);
            return result.Failures.Count == 0 ? ExitCodes.Done : ExitCodes.Failed;
        });
        return command;
    }
}
