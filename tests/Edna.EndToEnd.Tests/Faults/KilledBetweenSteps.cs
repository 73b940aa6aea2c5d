using System.Net;
using Edna.Client;
using Edna.Harness;
using Xunit;

namespace Edna.Faults;

/// <summary>
/// For each thing that a client does to an item, EDNA is killed between each pair of the steps that it takes. The client does what
/// clients do: all of it again.
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

        using var http = edna.NewHttp();
        var run = new KillRun<Histories>(edna, at, client => new(client, http, Dataset, Ct), Ct);
        await run.RunAsync(Histories.All);
        await Wholeness.ShouldHoldAsync(edna, bucket.Settings(), Ct, lateParts: true);

        // What was rebuilt can be removed, too, to the last object.
        using (var purge = await http.DeleteAsync($"v1/datasets/{Dataset}?purge=true", Ct)) Assert.Equal(HttpStatusCode.Accepted, purge.StatusCode);
        Assert.Empty(await Eventually.GetAsync(() => bucket.ListAsync(Ct), keys => keys.Count == 0, Ct));
    }
}
