using Edna.Changes;
using Edna.Objects;
using Edna.Results;

namespace Edna.Items;

public sealed partial class ItemBatchGrain
{
    /// <inheritdoc />
    public async Task<Result<IReadOnlyList<Result<Item>>>> CompleteAsync(IReadOnlyList<string> itemIds, string by)
    {
        if (!(await datasets.GetAsync(key)).TryGet(out var dataset, out var problem)) return problem;
        var answers = new Result<Item>[itemIds.Count];
        await ConfirmNewAsync(itemIds, new(store.Prefix, key, dataset.Storage), answers, by);
        await EachAsync(answers, i => Grain(itemIds[i]).CompleteAsync(null, by));
        return answers;
    }

    /// <summary>
    /// Answers the items that were announced and nothing else since: asks the store for each, and confirms those that arrived in one
    /// durable write. All others, and those that somebody else wrote meanwhile, are left open for their own grains.
    /// </summary>
    private async Task ConfirmNewAsync(IReadOnlyList<string> itemIds, ObjectKeys keys, Result<Item>[] answers, string by)
    {
        var rows = await table.ReadManyAsync(key, itemIds, CancellationToken.None);
        var confirmed = new List<Confirmed>(rows.Count);
        var first = new HashSet<string>(rows.Count, StringComparer.Ordinal);
        await TogetherAsync(Enumerable.Range(0, rows.Count).Where(i => rows[i] is { Revision: 1 } && first.Add(itemIds[i])), async i =>
        {
            var (item, state) = (rows[i]!.Key, ItemJson.Read(rows[i]!.Body));
            if (!BatchDecisions.IsNew(state)) return;
            var asked = await ItemCalls.AnswerAsync<ItemUploads.Look>(async () => await uploads.AskAsync(keys.Content(item.ItemId, state.Upload!.Attempt), state.Upload));
            if (!asked.TryGet(out var look, out var away))
            {
                answers[i] = away;
                return;
            }
            if (BatchDecisions.Confirm(state, look.Found, look.Checksum, time.GetUtcNow()) is { } next)
                confirmed.Add(new(i, next, new(ItemView.RowOf(item, next), state.Revision, new(ChangeKind.Available, next.UpdatedAt, by))));
        });
        if (confirmed.Count == 0) return;
        var written = await table.WriteManyAsync([.. confirmed.Select(c => c.Write)], CancellationToken.None);
        for (var i = 0; i < confirmed.Count; i++)
        {
            if (!written[i]) continue;
            answers[confirmed[i].At] = ItemView.Of(confirmed[i].Write.Row.Key, confirmed[i].State);
            notifier.Notify(confirmed[i].Write.Row.Key.Shard);
        }
    }

    private readonly record struct Confirmed(int At, ItemState State, ItemWrite Write);
}
