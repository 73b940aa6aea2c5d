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
            try
            {
                if (await ConfirmAsync(rows[i]!, keys) is { } next)
                    confirmed.Add(new(i, next, new(ItemView.RowOf(rows[i]!.Key, next), next.Revision - 1, new(ChangeKind.Available, next.UpdatedAt, by))));
            }
            catch (Exception e) when (Unavailable.Of(e) is { } away)
            {
                answers[i] = away;
            }
            catch (Exception e)
            {
                // Left to its own grain, which tells its caller what is wrong with it.
                LogFault(log, key, i, e);
            }
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

    private async Task<ItemState?> ConfirmAsync(ItemRow row, ObjectKeys keys)
    {
        var state = ItemJson.Read(row.Body);
        if (!BatchDecisions.IsNew(state)) return null;
        var look = await uploads.AskAsync(keys.Content(row.Key.ItemId, state.Upload!.Attempt), state.Upload);
        return BatchDecisions.Confirm(state, look.Found, look.Checksum, time.GetUtcNow());
    }

    private readonly record struct Confirmed(int At, ItemState State, ItemWrite Write);
}
