using System.Globalization;
using System.Net;
using Edna.Client;
using Edna.Harness;
using Xunit;

namespace Edna.Faults;

/// <summary>
/// For each history of an item, EDNA is killed by SIGKILL between each pair of the steps that it takes in store and table: the steps are
/// recorded once, and then each of them is the one before which the process dies. The client does what clients do: all of it again.
/// </summary>
public sealed class KilledBetweenSteps
{
    private const string Dataset = "steps";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Timeout = 600_000)]
    public async Task A_kill_between_any_two_steps_loses_nothing_and_leaves_nothing_that_nobody_owns()
    {
        await using var bucket = await CephBucket.CreateAsync(Ct);
        using var folder = new TempFolder();
        var at = folder.At("fault");
        var settings = new Dictionary<string, string?>(bucket.Settings()) { ["EDNA_FAULT_AT"] = at };
        await using var edna = await EdnaProcess.StartAsync(settings, folder.At("data"), program: Programs.FaultHost, ct: Ct);
        using (var client = edna.NewClient()) await client.CreateDatasetAsync(new CreateDataset { Name = Dataset }, Ct);

        var kills = 0;
        foreach (var history in Histories.All)
        {
            var steps = await RecordAsync(edna, history, at);
            for (var step = 1; step <= steps.Count; step++)
                if (await KillBeforeAsync(edna, history, step, steps, at)) kills++;
        }
        Assert.True(kills >= 30, $"Only {kills} kills came to pass.");
        await Wholeness.ShouldHoldAsync(edna, bucket.Settings(), Ct, lateParts: true);

        // What was rebuilt can be removed, too, to the last object.
        using var http = edna.NewHttp();
        using (var purge = await http.DeleteAsync($"v1/datasets/{Dataset}?purge=true", Ct)) Assert.Equal(HttpStatusCode.Accepted, purge.StatusCode);
        Assert.Empty(await Eventually.GetAsync(() => bucket.ListAsync(Ct), keys => keys.Count == 0, Ct));
    }

    private static async Task<IReadOnlyList<string>> RecordAsync(EdnaProcess edna, History history, string at)
    {
        using var client = edna.NewClient();
        var histories = new Histories(client, Dataset, Ct);
        var path = $"{history.Name}/recorded";
        await history.PrepareAsync(histories, path);
        await CountAsync(at, 0);
        await history.RunAsync(histories, path);
        File.Delete(at);
        var steps = await File.ReadAllLinesAsync(at + ".steps", Ct);
        File.Delete(at + ".steps");
        await history.CheckAsync(histories, path);
        Assert.NotEmpty(steps);
        return steps;
    }

    private static async Task<bool> KillBeforeAsync(EdnaProcess edna, History history, int step, IReadOnlyList<string> steps, string at)
    {
        using var client = edna.NewClient();
        using var once = edna.NewClient(new EdnaClientOptions { RetryFor = TimeSpan.Zero });
        var path = $"{history.Name}/{step.ToString("d2", CultureInfo.InvariantCulture)} {steps[step - 1].Split('.')[^1]}";
        var histories = new Histories(client, Dataset, Ct);
        await history.PrepareAsync(histories, path);
        await CountAsync(at, step);
        var killed = false;
        try
        {
            await history.RunAsync(new Histories(once, Dataset, Ct), path);
        }
        catch (EdnaException e) when (e.IsTransient)
        {
            killed = true;
        }
        File.Delete(at);
        if (killed)
        {
            await edna.WaitForExitAsync(Ct);
            await edna.StartAgainAsync(Ct);
        }
        await history.RunAsync(histories, path);
        await history.CheckAsync(histories, path);
        return killed;
    }

    /// <summary>In one step, so that the process never reads half a number.</summary>
    private static async Task CountAsync(string at, int step)
    {
        await File.WriteAllTextAsync(at + ".new", step.ToString(CultureInfo.InvariantCulture), Ct);
        File.Move(at + ".new", at, overwrite: true);
    }
}
