using System.Collections.Concurrent;
using Edna.Client;
using Edna.Harness;
using Xunit;

namespace Edna.Faults;

/// <summary>What was acknowledged is there after SIGKILL, whatever was under way.</summary>
public sealed class KilledUnderLoad
{
    private const int Writers = 8;
    private const int AcknowledgedBeforeKill = 150;

    /// <summary>Once in every run; twenty times on end with <c>./test.sh --soak</c>.</summary>
    private static readonly int Rounds = Soak.IsOn ? 20 : 1;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Timeout = 1_200_000)]
    public async Task Every_acknowledged_item_tag_and_label_is_there_after_kill_9_and_search_catches_up_by_itself()
    {
        await using var edna = await EdnaProcess.StartAsync(ct: Ct);
        using var client = edna.NewClient(new EdnaClientOptions { RetryFor = TimeSpan.Zero });
        await client.CreateDatasetAsync(new CreateDataset { Name = "load" }, Ct);
        for (var round = 0; round < Rounds; round++)
        {
            var acknowledged = new Acknowledged();
            await KillUnderLoadAsync(edna, client, round, acknowledged);
            foreach (var (id, path) in acknowledged.Items) Assert.Equal(path, (await client.GetItemAsync("load", id, Ct)).Path);
            foreach (var (id, tag) in acknowledged.Tags) Assert.Equal(tag, (await client.GetTagsAsync("load", id, Ct))["round"]);
            foreach (var (id, revision) in acknowledged.Labels) Assert.True((await client.GetLabelsAsync("load", id, Ct)).Revision >= revision);
            await SearchCatchesUpAsync(client, acknowledged);
        }
    }

    private static async Task KillUnderLoadAsync(EdnaProcess edna, EdnaClient client, int round, Acknowledged acknowledged)
    {
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var writers = Enumerable.Range(round * Writers, Writers).Select(w => WriteUntilKilledAsync(client, w, acknowledged, enough)).ToArray();
        await enough.Task.WaitAsync(Ct);
        await edna.KillAsync(Ct);
        await Task.WhenAll(writers);
        await edna.StartAgainAsync(Ct);
        Assert.True(acknowledged.Items.Count >= AcknowledgedBeforeKill);
    }

    // What was acknowledged must be found; what was not may or may not be there, but then list and search agree on it.
    private static async Task SearchCatchesUpAsync(EdnaClient client, Acknowledged acknowledged)
    {
        var listed = await client.ListItemsAsync("load", ct: Ct).ToListAsync(Ct);
        var request = new SearchRequest { Datasets = ["load"], Limit = 1000, Facets = ["label"] };
        var labelled = listed.Count(i => i.LabelRevision > 0);
        var page = await Eventually.GetAsync(
            () => client.SearchAsync(request, Ct), p => p.Total == listed.Count && p.Facets["label"].Sum(f => f.Count) == labelled, Ct);
        Assert.Equal(listed.Count, page.Total);
        Assert.Equal(labelled, page.Facets["label"].Sum(f => f.Count));
        Assert.Empty(acknowledged.Items.Keys.Except(listed.Select(i => i.Id)));
        Assert.Equal(listed.ToDictionary(i => i.Id, i => i.Revision), await RevisionsAsync(client, request));
    }

    private static async Task<Dictionary<string, long>> RevisionsAsync(EdnaClient client, SearchRequest request)
    {
        var found = new Dictionary<string, long>();
        string? cursor = null;
        do
        {
            var page = await client.SearchAsync(request with { Cursor = cursor }, Ct);
            foreach (var item in page.Items) found[item.Id] = item.Revision;
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        return found;
    }

    private static async Task WriteUntilKilledAsync(EdnaClient client, int writer, Acknowledged acknowledged, TaskCompletionSource enough)
    {
        var labels = new PutLabels { Annotations = [new Annotation { Kind = AnnotationKinds.Classification, Class = "cat", Source = new AnnotationSource { Kind = "human", Name = "test" } }] };
        try
        {
            for (var round = 0; ; round++)
            {
                var path = $"writer-{writer}/{round:D5}.bin";
                var plan = await client.CreateItemAsync("load", new CreateItem { Path = path, ContentType = "application/octet-stream", Size = 10 }, Ct);
                acknowledged.Items[plan.Item.Id] = path;
                await client.PutTagsAsync("load", plan.Item.Id, new Dictionary<string, string> { ["round"] = $"{round}" }, Ct);
                acknowledged.Tags[plan.Item.Id] = $"{round}";
                acknowledged.Labels[plan.Item.Id] = (await client.PutLabelsAsync("load", plan.Item.Id, labels, ct: Ct)).Revision;
                if (acknowledged.Labels.Count >= AcknowledgedBeforeKill) enough.TrySetResult();
            }
        }
        catch (EdnaException e) when (e.Code == EdnaException.Unreachable)
        {
            // Killed: what this writer had no answer for is not acknowledged.
        }
        catch (Exception e)
        {
            enough.TrySetException(e);
            throw;
        }
    }

    private sealed class Acknowledged
    {
        public ConcurrentDictionary<string, string> Items { get; } = new();

        public ConcurrentDictionary<string, string> Tags { get; } = new();

        public ConcurrentDictionary<string, long> Labels { get; } = new();
    }
}
