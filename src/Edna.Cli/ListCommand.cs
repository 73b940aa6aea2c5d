using System.CommandLine;
using Edna.Client;

namespace Edna.Cli;

/// <summary><c>edna ls [DATASET]</c>.</summary>
internal static class ListCommand
{
    public static Command Create(Connection connection)
    {
        var dataset = new Argument<string?>("DATASET") { Description = "The dataset; left out, the datasets are listed.", Arity = ArgumentArity.ZeroOrOne };
        var prefix = new Option<string?>("--prefix") { Description = "Only items whose path starts so." };
        var status = new Option<string?>("--status") { Description = "Only items of this status: pending, available, failed or trashed." };
        var command = new Command("ls", "List datasets, or the items of one.") { dataset, prefix, status };
        command.Does(connection, async (client, parsed, ct) =>
        {
            if (parsed.GetValue(dataset) is not { } of) return await DatasetsAsync(client, ct);
            var query = new ItemQuery { PathPrefix = parsed.GetValue(prefix), Status = parsed.GetValue(status), Limit = EdnaClient.BatchLimit };
            await foreach (var item in client.ListItemsAsync(of, query, ct)) await Print.ItemAsync(item);
            return ExitCodes.Done;
        });
        return command;
    }

    private static async Task<int> DatasetsAsync(EdnaClient client, CancellationToken ct)
    {
        await foreach (var dataset in client.ListDatasetsAsync(ct))
            await Print.LineAsync($"{dataset.CreatedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss}  {dataset.Name}{(dataset.Description is { } text ? $"  {text}" : "")}");
        return ExitCodes.Done;
    }
}
