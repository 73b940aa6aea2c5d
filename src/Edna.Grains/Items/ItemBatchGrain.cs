using Edna.Changes;
using Edna.Datasets;
using Edna.Keys;
using Edna.Objects;
using Edna.Results;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;

namespace Edna.Items;

/// <summary>
/// Many items at once. Items that are not there yet, or were announced and nothing else since, are decided here and written in one
/// durable write, without waking a grain for each; the write is conditional, and whatever is further in its life goes to its own grain
/// (ADRs 0004 and 0017). It holds nothing, so its calls may run side by side and share commits.
/// </summary>
[StatelessWorker, Reentrant]
public sealed partial class ItemBatchGrain(
    IItemTable table, IObjectStore store, DatasetCache datasets, ItemUploads uploads, ChangeNotifier notifier,
    IOptions<UploadOptions> options, TimeProvider time, ILogger<ItemBatchGrain> log) : Grain, IItemBatchGrain
{
    private const int Together = 64;
    private DatasetKey key;

    /// <inheritdoc />
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        key = DatasetKey.Parse(this.GetPrimaryKeyString());
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public async Task<Result<IReadOnlyList<Result<ItemPlan>>>> PlanAsync(IReadOnlyList<CreateItem> requests, string by)
    {
        if (!(await datasets.GetAsync(key)).TryGet(out var dataset, out var problem)) return problem;
        var answers = new Result<ItemPlan>[requests.Count];
        var open = Check(requests, dataset, answers);
        var inserts = DecideNew(requests, open, answers, by);
        var written = inserts.Count == 0 ? [] : await table.InsertManyAsync([.. inserts.Select(i => (i.Row, i.Change))], CancellationToken.None);
        var keys = new ObjectKeys(store.Prefix, key, dataset.Storage);
        for (var i = 0; i < inserts.Count; i++)
        {
            if (!written[i]) continue;
            var (at, item, state) = (inserts[i].At, inserts[i].Row.Key, inserts[i].State);
            answers[at] = new ItemPlan { Item = ItemView.Of(item, state), Upload = uploads.Sign(item, state.Path, state.Upload!, keys) };
            notifier.Notify(item.Shard);
        }
        if (Array.IndexOf(answers, null) < 0) return answers;
        var ids = open.ToDictionary(o => o.At, o => o.Id);
        await EachAsync(answers, i => Grain(ids[i]).PlanAsync(requests[i], by));
        return answers;
    }

    /// <inheritdoc />
    public Task<Result<IReadOnlyList<Result<Done>>>> DeleteAsync(IReadOnlyList<string> itemIds, bool permanent, string by) =>
        EachAsync(itemIds, async item =>
        {
            if (permanent) return await ItemCalls.RemoveAsync(() => item.PurgeAsync(null, by), ItemErrors.NotFound("").Code);
            var trashed = await item.TrashAsync(null, by);
            return trashed.Problem is { } refusal ? refusal : Done.Instance;
        });

    /// <inheritdoc />
    public async Task<Result<IReadOnlyList<Result<Download>>>> GetDownloadsAsync(IReadOnlyList<string> itemIds)
    {
        if (!(await datasets.GetAsync(key)).TryGet(out var dataset, out var problem)) return problem;
        var keys = new ObjectKeys(store.Prefix, key, dataset.Storage);
        var rows = await table.ReadManyAsync(key, itemIds, CancellationToken.None);
        return rows.Select((row, i) => Sign(row, itemIds[i], keys)).ToArray();
    }

    private Result<Download> Sign(ItemRow? row, string itemId, ObjectKeys keys)
    {
        if (row is null or { Status: ItemStatus.Purged }) return ItemErrors.NotFound(itemId);
        var state = ItemJson.Read(row.Body);
        return ItemView.WhyUnreadable(state) is { } refusal ? refusal : uploads.SignDownload(row.Key, state, keys, asAttachment: false);
    }

    /// <summary>Answers what is wrong on its own, and says what is left. A path that stands twice is planned once, for its first entry.</summary>
    private static List<Open> Check(IReadOnlyList<CreateItem> requests, Dataset dataset, Result<ItemPlan>[] answers)
    {
        var open = new List<Open>(requests.Count);
        var first = new HashSet<string>(requests.Count, StringComparer.Ordinal);
        for (var i = 0; i < requests.Count; i++)
        {
            var errors = new FieldErrors();
            ItemRules.Check(requests[i], dataset, errors, out var path);
            if (path is not null && !first.Add(path)) errors.Add("path", "stands twice in the batch; the first entry was taken");
            if (errors.ToProblem() is { } invalid) answers[i] = invalid;
            else open.Add(new(i, path!, ItemId.FromPath(path!)));
        }
        return open;
    }

    /// <summary>What each would be if it were new. The insert finds out which are, so nothing is read before.</summary>
    private List<Insert> DecideNew(IReadOnlyList<CreateItem> requests, List<Open> open, Result<ItemPlan>[] answers, string by)
    {
        var inserts = new List<Insert>(open.Count);
        var (now, limits) = (time.GetUtcNow(), options.Value.Limits);
        foreach (var (at, path, id) in open)
        {
            var outcome = UploadDecisions.Plan(null, requests[at], path, limits, now, by);
            if (outcome.Problem is { } refusal) answers[at] = refusal;
            // A multipart upload is opened in the store first, by the item's own grain.
            else if (!outcome.Next!.Upload!.IsMultipart) inserts.Add(new(at, outcome.Next, ItemView.RowOf(new(key, id), outcome.Next), new(outcome.Kind, now, by)));
        }
        return inserts;
    }

    private IItemGrain Grain(string itemId) => GrainFactory.GetGrain<IItemGrain>(new ItemKey(key, itemId).ToString());

    private async Task<Result<IReadOnlyList<Result<T>>>> EachAsync<T>(IReadOnlyList<string> itemIds, Func<IItemGrain, Task<Result<T>>> call)
    {
        if ((await datasets.GetAsync(key)).Problem is { } problem) return problem;
        var answers = new Result<T>[itemIds.Count];
        await EachAsync(answers, i => call(Grain(itemIds[i])));
        return answers;
    }

    /// <summary>Fills the answers that are still open. A fault of one ends as its problem, not as everybody's.</summary>
    private Task EachAsync<T>(Result<T>?[] answers, Func<int, Task<Result<T>>> call) =>
        TogetherAsync(Enumerable.Range(0, answers.Length).Where(i => answers[i] is null), async i =>
        {
            try
            {
                answers[i] = await ItemCalls.AnswerAsync(() => call(i));
            }
            catch (Exception e)
            {
                LogFault(log, key, i, e);
                answers[i] = RequestErrors.Internal();
            }
        });

    /// <summary>Does something for each, some at a time.</summary>
    private static async Task TogetherAsync(IEnumerable<int> each, Func<int, Task> work)
    {
        var open = new Queue<int>(each);
        async Task WorkAsync()
        {
            while (open.TryDequeue(out var i)) await work(i);
        }
        await Task.WhenAll(Enumerable.Range(0, Math.Min(Together, open.Count)).Select(_ => WorkAsync()));
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Entry {Index} of a batch in {Dataset} failed; the others go on")]
    private static partial void LogFault(ILogger log, DatasetKey dataset, int index, Exception e);

    private readonly record struct Open(int At, string Path, string Id);

    private readonly record struct Insert(int At, ItemState State, ItemRow Row, NewChange Change);
}
