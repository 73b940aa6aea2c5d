using Edna.Client;
using Edna.Harness;
using Edna.Imports;
using Xunit;

namespace Edna.Faults;

/// <summary>Jobs go on after SIGKILL from where they were.</summary>
public sealed class KilledJobs
{
    private const int Objects = 2_500;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Timeout = 600_000)]
    public async Task An_import_and_a_purge_that_are_killed_in_the_middle_end_as_if_nothing_had_been()
    {
        await using var bound = await BoundDataset.StartAsync(Ct);
        var keys = Enumerable.Range(0, Objects).Select(i => $"{BoundDataset.Root}{i % 7}/{i:d5}.png").ToArray();
        await bound.Lake.PutManyAsync(keys, Ct);

        var import = await bound.Client.ImportAsync(BoundDataset.Name, new CreateImport(), Ct);
        Assert.True(await KillInTheMiddleAsync(bound, import.Id), "the import was never seen half-way");
        import = await bound.Client.WaitForJobAsync(import.Id, ct: Ct);
        Assert.Equal(JobStatuses.Succeeded, import.Status);
        Assert.Equal((Objects, 0L, Objects), (import.ToImportResult().Registered, import.ToImportResult().Updated, import.Progress.Done));
        var items = await bound.Client.ListItemsAsync(BoundDataset.Name, ct: Ct).ToListAsync(Ct);
        Assert.Equal(keys.Select(k => k[BoundDataset.Root.Length..]).Order(StringComparer.Ordinal), items.Select(i => i.Path).Order(StringComparer.Ordinal));
        Assert.All(items, i => Assert.Equal((ItemStatuses.Available, 1L, 1L), (i.Status, i.Revision, i.ContentRevision)));
        var pages = (await bound.Lake.ListAsync(Ct)).Where(k => k.StartsWith($"{BoundDataset.Root}imports/{import.Id}/", StringComparison.Ordinal)).ToArray();
        Assert.Equal(keys.Length, (await Task.WhenAll(pages.Select(KeysOnAsync))).SelectMany(k => k).Distinct().Count());

        // Contents of EDNA's own beside them, for the purge to find.
        var folder = new TempFolder();
        foreach (var i in Enumerable.Range(0, 300)) await File.WriteAllTextAsync(folder.At($"{i}.txt"), $"{i}", Ct);
        await bound.Client.PushAsync(folder.Path, BoundDataset.Name, new PushOptions(), null, Ct);
        folder.Dispose();
        await bound.Client.PutLabelsAsync(BoundDataset.Name, items[0].Id, new PutLabels { Annotations = [] }, ct: Ct);

        await Wholeness.ShouldHoldAsync(bound.Edna, bound.Settings, Ct);

        var ours = $"{BoundDataset.Root}items/{items[1].Id}/7";
        await bound.Lake.OpenMultipartAsync(ours, Ct);
        await bound.Lake.OpenMultipartAsync($"{BoundDataset.Root}items/theirs", Ct);
        Assert.Equal(2, (await bound.Lake.ListMultipartsAsync(Ct)).Count);

        var purge = await bound.Client.PurgeDatasetAsync(BoundDataset.Name, Ct);
        Assert.True(await KillInTheMiddleAsync(bound, purge.Id), "the purge was never seen half-way");
        purge = await bound.Client.WaitForJobAsync(purge.Id, ct: Ct);
        Assert.Equal((JobStatuses.Succeeded, Objects + 300L, Objects + 300L), (purge.Status, purge.Progress.Done, purge.Progress.Total));
        Assert.Equal(keys.Order(StringComparer.Ordinal), (await bound.Lake.ListAsync(Ct)).Order(StringComparer.Ordinal));
        Assert.Equal([$"{BoundDataset.Root}items/theirs"], await bound.Lake.ListMultipartsAsync(Ct));
        Assert.Equal("dataset.not_found", (await Assert.ThrowsAsync<EdnaException>(() => bound.Client.GetDatasetAsync(BoundDataset.Name, Ct))).Code);

        async Task<IEnumerable<string>> KeysOnAsync(string page)
        {
            using var json = System.Text.Json.JsonDocument.Parse(await bound.Lake.ReadAsync(page, Ct));
            return [.. json.RootElement.GetProperty("objects").EnumerateArray().Select(o => o.GetProperty("key").GetString()!)];
        }
    }

    [Fact(Timeout = 600_000)]
    public async Task A_dataset_of_the_services_own_bucket_is_gone_without_a_trace_after_a_killed_purge_and_another_is_whole()
    {
        await using var bucket = await CephBucket.CreateAsync(Ct);
        await using var edna = await EdnaProcess.StartAsync(bucket.Settings(), ct: Ct);
        using var client = edna.NewClient();
        foreach (var (name, count) in new[] { ("big", 2_500), ("small", 25) })
        {
            await client.CreateDatasetAsync(new CreateDataset { Name = name }, Ct);
            using var folder = new TempFolder();
            foreach (var i in Enumerable.Range(0, count)) await File.WriteAllTextAsync(folder.At($"{i}.txt"), $"{i}", Ct);
            Assert.Empty((await client.PushAsync(folder.Path, name, new PushOptions { Concurrency = 32 }, null, Ct)).Failures);
        }
        var others = (await bucket.ListAsync(Ct)).Where(k => !k.StartsWith("default/big/", StringComparison.Ordinal)).ToArray();
        Assert.Equal(26, others.Length);
        var purge = await client.PurgeDatasetAsync("big", Ct);
        await Eventually.GetAsync(() => client.GetJobAsync(purge.Id, Ct), j => j.Progress.Done > 0, Ct);
        await edna.KillAsync(Ct);
        Assert.NotEqual(others, await bucket.ListAsync(Ct));
        await edna.StartAgainAsync(Ct);
        Assert.Equal(JobStatuses.Succeeded, (await client.WaitForJobAsync(purge.Id, ct: Ct)).Status);
        Assert.Equal(others, await bucket.ListAsync(Ct));
        Assert.Equal("small", Assert.Single(await client.ListDatasetsAsync(Ct).ToListAsync(Ct)).Name);
        await Wholeness.ShouldHoldAsync(edna, bucket.Settings(), Ct);
    }

    /// <summary>Kills the process as soon as the job has done something and not all; whether it was seen so.</summary>
    private static async Task<bool> KillInTheMiddleAsync(BoundDataset bound, string job)
    {
        while (true)
        {
            var now = await bound.Client.GetJobAsync(job, Ct);
            if (now.Status != JobStatuses.Running) return false;
            if (now.Progress.Done > 0) break;
        }
        await bound.Edna.KillAsync(Ct);
        await bound.Edna.StartAgainAsync(Ct);
        return true;
    }
}
