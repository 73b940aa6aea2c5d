using System.CommandLine;
using Edna.Client;

namespace Edna.Cli;

/// <summary><c>edna push DIR DATASET</c>.</summary>
internal static class PushCommand
{
    public static Command Create(Connection connection)
    {
        var folder = new Argument<DirectoryInfo>("DIR") { Description = "The folder to push." };
        var dataset = new Argument<string>("DATASET") { Description = "The dataset, made if it is not there." };
        var labels = new Option<FileInfo?>("--labels") { Description = "A labels.jsonl with path, split, tags and annotations for each file." };
        var uploads = Concurrency.Option("Uploads at a time.");
        var command = new Command("push", "Bring a folder into a dataset. Pushing again sends only what changed.") { folder, dataset, labels, uploads };
        command.Does(connection, async (client, parsed, ct) =>
        {
            var (from, to) = (parsed.GetRequiredValue(folder), parsed.GetRequiredValue(dataset));
            if (!from.Exists) throw new UsageException($"There is no folder '{from.FullName}'.");
            var options = await OptionsAsync(parsed.GetValue(labels), parsed.GetValue(uploads), ct);
            await client.EnsureDatasetAsync(new CreateDataset { Name = to }, ct);
            var result = await ProgressBar.RunAsync($"Pushing to {to}", report => client.PushAsync(
                from.FullName, to, options, new Report<PushProgress>(p => report(p.Settled, p.Files)), ct));
            return await SayAsync(to, result);
        });
        return command;
    }

    private static async Task<PushOptions> OptionsAsync(FileInfo? labels, int uploads, CancellationToken ct) => labels is null
        ? new PushOptions { Concurrency = uploads }
        : new PushOptions
        {
            Concurrency = uploads, Labels = await LabelsFile.ReadAsync(labels.FullName, ct), Except = new HashSet<string> { labels.FullName },
        };

    private static async Task<int> SayAsync(string dataset, PushResult result)
    {
        await Print.LineAsync($"{dataset}: {result.Uploaded:N0} uploaded ({result.UploadedBytes:N0} bytes), {result.Unchanged:N0} unchanged, {result.Failures.Count:N0} failed");
        if (result.Labelled + result.LabelsKept > 0)
            await Print.LineAsync($"{dataset}: {result.Labelled:N0} labelled, {result.LabelsKept:N0} had labels already and kept them");
        await Print.FailuresAsync(result.Failures);
        return result.Failures.Count == 0 ? ExitCodes.Done : ExitCodes.Failed;
    }
}

internal static class Concurrency
{
    public static Option<int> Option(string description)
    {
        var option = new Option<int>("--concurrency") { Description = description, DefaultValueFactory = _ => 16 };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 256) result.AddError("--concurrency must be 1 to 256.");
        });
        return option;
    }
}
