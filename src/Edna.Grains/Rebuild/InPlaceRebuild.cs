using System.Text.Json;
using Edna.Items;
using Edna.Keys;
using Edna.Objects;

namespace Edna.Rebuild;

/// <summary>Rebuilds the items that imports registered in place, page by page in the order of the imports.</summary>
/// <param name="store">The bucket.</param>
/// <param name="table">The table that is filled.</param>
/// <param name="items">Lists the bucket.</param>
/// <param name="evidence">Reads the bucket.</param>
/// <param name="patience">Waits for what does not answer.</param>
/// <param name="time">The clock.</param>
public sealed class InPlaceRebuild(IObjectStore store, IItemTable table, BucketItems items, BucketEvidence evidence, Patience patience, TimeProvider time)
{
    /// <summary>Keys that are listed to find those of a page before each is asked for on its own: other objects may lie in between.</summary>
    private const int MostListed = 5_000;

    /// <summary>The keys of the import pages, in the order in which they count: by the time of the import, then by page.</summary>
    /// <param name="keys">Where the dataset lies.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<IReadOnlyList<string>> ListPagesAsync(ObjectKeys keys, CancellationToken ct)
    {
        var jobs = new List<(DateTimeOffset At, List<string> Pages)>();
        string? last = null;
        await foreach (var found in patience.ListAsync(store, keys.Bucket, keys.ImportPrefix, null, ct))
        {
            if (ObjectKeyParts.Read(found.Key[keys.Root.Length..]) is not { Role: ObjectRole.Import }) continue;
            var job = found.Key[..found.Key.LastIndexOf('/')];
            if (job != last) jobs.Add(((await ReadAsync(keys, found.Key, ct))?.At ?? found.LastModified, []));
            jobs[^1].Pages.Add(found.Key);
            last = job;
        }
        return [.. jobs.OrderBy(j => j.At).SelectMany(j => j.Pages)];
    }

    /// <summary>Takes in the pages, from where the checkpoint stands.</summary>
    /// <param name="run">The run it is part of.</param>
    /// <param name="dataset">The dataset.</param>
    /// <param name="keys">Where it lies.</param>
    /// <param name="pages">The keys of the pages, in order.</param>
    /// <param name="ct">Stops it after the page under way.</param>
    public async Task RunAsync(RebuildRun run, DatasetKey dataset, ObjectKeys keys, IReadOnlyList<string> pages, CancellationToken ct)
    {
        for (; run.Checkpoint.ImportPages < pages.Count; run.Checkpoint.ImportPages++, run.Save())
        {
            ct.ThrowIfCancellationRequested();
            var at = pages[run.Checkpoint.ImportPages];
            if (await ReadAsync(keys, at, ct) is { } page) await TakeAsync(run, dataset, keys, page, ct);
            else run.Note($"{dataset}: the import page '{at}' cannot be read");
        }
    }

    private async Task TakeAsync(RebuildRun run, DatasetKey dataset, ObjectKeys keys, ImportPage page, CancellationToken ct)
    {
        var there = await FindAsync(keys, page, ct);
        var imported = there.Select(t => (Id: ItemId.FromPath(t.Content.Path), t.Content, t.Listed)).ToArray();
        var rows = await patience.DoAsync(() => table.ReadManyAsync(dataset, [.. imported.Select(i => i.Id)], ct), ct);
        var next = new RebuiltItem?[imported.Length];
        await Parallel.ForAsync(0, imported.Length, new ParallelOptions { MaxDegreeOfParallelism = DatasetRebuild.Together, CancellationToken = ct }, async (i, stop) =>
        {
            var (id, content, listed) = imported[i];
            var before = rows[i] is { } row ? ItemJson.Read(row.Body) : null;
            if (before is not null && (before.ContentRevision > content.Revision || (before.ContentRevision == content.Revision && before.ContentKey is null))) return;
            bool known;
            lock (run.Waiting) known = run.Waiting.Remove(id);
            next[i] = await DecideAsync(run, keys, id, content, listed, known || before is not null, stop);
        });
        var inserts = new List<(ItemRow, NewChange)>();
        for (var i = 0; i < next.Length; i++)
        {
            if (next[i] is not { } item) continue;
            if (item.State is not { } state) run.Unusable(dataset, imported[i].Id, item.Fault!);
            else if (rows[i] is { } row) await ReplaceAsync(run, row, state, ct);
            else
            {
                inserts.Add(RebuildRun.RowOf(new(dataset, imported[i].Id), state, time.GetUtcNow()));
                run.Count(state);
            }
        }
        if (run.DryRun || inserts.Count == 0) return;
        await patience.DoAsync(async () => await table.InsertManyAsync(inserts, ct), ct);
        foreach (var shard in inserts.Select(r => r.Item1.Key.Shard).Distinct()) run.Written(shard);
    }

    /// <summary>What an object in place makes of its item. Only where more of the item lies in the bucket is that asked for.</summary>
    private async Task<RebuiltItem> DecideAsync(
        RebuildRun run, ObjectKeys keys, string id, ImportedContent content, ListedObject listed, bool more, CancellationToken ct)
    {
        try
        {
            var found = more || content.Object.Tags is not null
                ? await evidence.FindAsync(keys, more ? await items.OneAsync(keys, id, ct) : new() { ItemId = id }, [content], ct)
                : new FoundItem { ItemId = id, Attempts = content.Revision, Contents = [new() { Revision = content.Revision, InPlace = content, Object = Stored(listed, content) }] };
            return Rebuilt.From(found, run.Checkpoint.StartedAt, run.SignedUntil);
        }
        catch (JsonException e)
        {
            return RebuiltItem.None($"a document of it cannot be read: {e.Message}");
        }
    }

    /// <summary>Another page, or the objects of its own, told otherwise of this item; what counts now is known from all of it.</summary>
    private async Task ReplaceAsync(RebuildRun run, ItemRow row, ItemState state, CancellationToken ct)
    {
        var before = ItemJson.Read(row.Body);
        if (ItemJson.Write(before with { Revision = 0 }).AsSpan().SequenceEqual(ItemJson.Write(state with { Revision = 0 }))) return;
        run.Count(before, -1);
        run.Count(state);
        if (run.DryRun) return;
        var (next, change) = RebuildRun.RowOf(row.Key, state with { Revision = row.Revision + 1 }, time.GetUtcNow());
        await table.WriteAsync(next, row.Revision, change, ct);
        run.Written(row.Key.Shard);
    }

    /// <summary>The objects of a page that are still there, as they are now: by a listing, or one by one when it leads through too much else.</summary>
    private async Task<List<(ImportedContent Content, ListedObject Listed)>> FindAsync(ObjectKeys keys, ImportPage page, CancellationToken ct)
    {
        var open = new Dictionary<string, ImportedContent>(StringComparer.Ordinal);
        foreach (var one in page.Objects) open[keys.Root + one.Key] = new(keys.Root + one.Key, one, page.By);
        var found = new List<(ImportedContent, ListedObject)>(open.Count);
        if (open.Count == 0) return found;
        var listed = 0;
        await foreach (var one in patience.ListAsync(store, keys.Bucket, keys.Root, Before(keys.Root, page.Objects[0].Key), ct))
        {
            if (open.Remove(one.Key, out var content)) found.Add((content, one));
            if (open.Count == 0 || ++listed >= MostListed || string.CompareOrdinal(one.Key, keys.Root + page.Objects[^1].Key) > 0) break;
        }
        foreach (var content in open.Values)
            if (await patience.DoAsync(() => store.HeadAsync(new(keys.Bucket, content.Key), ct), ct) is { } head)
                found.Add((content, new(content.Key, head.Size, head.ETag, head.LastModified)));
        return found;
    }

    /// <summary>A key before this one, close to it; null where there is none.</summary>
    private static string? Before(string root, string key)
    {
        var cut = key.Length > 1 && char.IsLowSurrogate(key[^1]) ? 2 : 1;
        return key.Length > cut ? root + key[..^cut] : null;
    }

    private static StoredObject Stored(ListedObject listed, ImportedContent content) => new()
    {
        Size = listed.Size, ETag = listed.ETag, ContentType = content.Object.ContentType, LastModified = content.Object.LastModified,
    };

    private async Task<ImportPage?> ReadAsync(ObjectKeys keys, string key, CancellationToken ct)
    {
        var body = await patience.DoAsync(() => store.ReadAsync(new(keys.Bucket, key), ct), ct);
        try
        {
            return body is null ? null : ImportPage.Read(body);
        }
        catch (JsonException)
        {
            // Told by whoever asked, as a page that cannot be read.
            return null;
        }
    }
}
