using System.CommandLine;
using System.Text.Json;
using Edna.Client;

namespace Edna.Cli;

/// <summary><c>edna dataset create|delete NAME</c>.</summary>
internal static class DatasetCommand
{
    public static Command Create(Connection connection) => new("dataset", "Make and remove datasets.") { CreateOne(connection), DeleteOne(connection) };

    private static Command CreateOne(Connection connection)
    {
        var name = new Argument<string>("NAME") { Description = "Small letters, digits and '-', 2 to 63 characters." };
        var description = new Option<string?>("--description") { Description = "Free text." };
        var splits = new Option<string[]>("--split") { Description = "A split that items may have; may be given several times." };
        var schema = new Option<FileInfo?>("--schema") { Description = "A JSON file with the label schema." };
        var retention = new Option<int?>("--trash-retention-days") { Description = "Days that the trash keeps items; the service's default when left out." };
        var bucket = new Option<string?>("--bucket") { Description = "A bucket of the dataset's own, one of those that the operator allows." };
        var prefix = new Option<string?>("--prefix") { Description = "The prefix in that bucket, ending in '/'; with --bucket only." };
        var command = new Command("create", "Make a dataset.") { name, description, splits, schema, retention, bucket, prefix };
        command.Does(connection, async (client, parsed, ct) =>
        {
            if (parsed.GetValue(prefix) is not null && parsed.GetValue(bucket) is null) throw new UsageException("--prefix goes with --bucket.");
            var dataset = await client.CreateDatasetAsync(new CreateDataset
            {
                Name = parsed.GetRequiredValue(name), Description = parsed.GetValue(description),
                Splits = parsed.GetValue(splits) is { Length: > 0 } some ? some : null, LabelSchema = await SchemaAsync(parsed.GetValue(schema), ct),
                TrashRetentionDays = parsed.GetValue(retention),
                Storage = parsed.GetValue(bucket) is { } own ? new DatasetStorage(own, parsed.GetValue(prefix) ?? "") : null,
            }, ct);
            await Print.LineAsync($"{dataset.Name}: made");
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command DeleteOne(Connection connection)
    {
        var name = new Argument<string>("NAME") { Description = "The dataset." };
        var purge = new Option<bool>("--purge") { Description = "With everything in it." };
        var command = new Command("delete", "Remove a dataset.") { name, purge };
        command.Does(connection, async (client, parsed, ct) =>
        {
            await client.DeleteDatasetAsync(parsed.GetRequiredValue(name), parsed.GetValue(purge), ct);
            await Print.LineAsync($"{parsed.GetValue(name)}: {(parsed.GetValue(purge) ? "being removed with everything in it" : "removed")}");
            return ExitCodes.Done;
        });
        return command;
    }

    private static async Task<LabelSchema?> SchemaAsync(FileInfo? file, CancellationToken ct)
    {
        if (file is null) return null;
        try
        {
            await using var json = file.OpenRead();
            return await JsonSerializer.DeserializeAsync(json, CliJson.Default.LabelSchema, ct);
        }
        catch (JsonException e)
        {
            throw new UsageException($"{file} is not a label schema: {e.Message}");
        }
    }
}
