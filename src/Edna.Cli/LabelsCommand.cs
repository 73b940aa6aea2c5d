using System.CommandLine;
using System.Text.Json;
using Edna.Client;

namespace Edna.Cli;

/// <summary><c>edna labels get|put DATASET PATH</c>.</summary>
internal static class LabelsCommand
{
    public static Command Create(Connection connection) => new("labels", "Read and write an item's labels.") { Get(connection), Put(connection) };

    private static Command Get(Connection connection)
    {
        var (dataset, path) = Arguments();
        var command = new Command("get", "Print an item's label document as JSON.") { dataset, path };
        command.Does(connection, async (client, parsed, ct) =>
        {
            var (of, item) = await FindAsync(client, parsed.GetRequiredValue(dataset), parsed.GetRequiredValue(path), ct);
            await Print.JsonAsync(await client.GetLabelsAsync(of, item.Id, ct));
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Put(Connection connection)
    {
        var (dataset, path) = Arguments();
        var file = new Argument<string>("FILE") { Description = "JSON with \"annotations\" and \"status\"; - reads standard input." };
        var ifMatch = new Option<long?>("--if-match") { Description = "Only if the label revision is still this one; 0 for none yet." };
        var command = new Command("put", "Write an item's label document.") { dataset, path, file, ifMatch };
        command.Does(connection, async (client, parsed, ct) =>
        {
            var labels = await ReadAsync(parsed.GetRequiredValue(file), ct);
            var (of, item) = await FindAsync(client, parsed.GetRequiredValue(dataset), parsed.GetRequiredValue(path), ct);
            var document = await client.PutLabelsAsync(of, item.Id, labels, parsed.GetValue(ifMatch), ct);
            await Print.LineAsync($"{item.Path}: label revision {document.Revision}, {document.Annotations.Count} annotations, {document.Status}");
            return ExitCodes.Done;
        });
        return command;
    }

    private static (Argument<string> Dataset, Argument<string> Path) Arguments() =>
        (new Argument<string>("DATASET") { Description = "The dataset." }, new Argument<string>("PATH") { Description = "The item's path." });

    private static async Task<(string Dataset, Item Item)> FindAsync(EdnaClient client, string dataset, string path, CancellationToken ct) =>
        (dataset, await client.FindItemAsync(dataset, path, ct) ?? throw new EdnaException(new Problem
        {
            Code = "item.not_found", Status = 404, Title = "There is no such item.", Detail = $"'{dataset}' has nothing at '{path}'.",
        }));

    private static async Task<PutLabels> ReadAsync(string file, CancellationToken ct)
    {
        var text = file == "-" ? await Console.In.ReadToEndAsync(ct) : await File.ReadAllTextAsync(file, ct);
        try
        {
            return JsonSerializer.Deserialize(text, CliJson.Default.PutLabels) ?? throw new UsageException($"{file} holds null.");
        }
        catch (JsonException e)
        {
            throw new UsageException($"{file} is not a label document: {e.Message}");
        }
    }
}
