using System.CommandLine;

namespace Edna.Cli;

/// <summary><c>edna changes DATASET</c>.</summary>
internal static class ChangesCommand
{
    public static Command Create(Connection connection)
    {
        var dataset = new Argument<string>("DATASET") { Description = "The dataset." };
        var since = new Option<string?>("--since") { Description = "Only what came after this cursor, which is the first word of each line; now: only what comes from now on, with --follow." };
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on with what comes, until stopped; a server that is away is waited for." };
        var command = new Command("changes", "Tell what happened in a dataset, the oldest that is kept first.") { dataset, since, follow };
        command.Does(connection, async (client, parsed, ct) =>
        {
            var (of, from) = (parsed.GetRequiredValue(dataset), parsed.GetValue(since));
            await foreach (var change in parsed.GetValue(follow) ? client.FollowChangesAsync(of, from, ct) : client.ListChangesAsync(of, from, ct))
                await Print.LineAsync($"{change.Cursor}  {change.At.UtcDateTime:yyyy-MM-dd HH:mm:ss}  {change.Kind,-13}  {change.Path}");
            return ExitCodes.Done;
        });
        return command;
    }
}
