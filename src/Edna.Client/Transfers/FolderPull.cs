using System.Collections.Concurrent;

namespace Edna.Client;

/// <summary>
/// One pull of a dataset to a folder. A file that is here already with the right bytes is left alone, so a pull that was cut off
/// is finished by pulling again; a file is put in its place only when it is whole and its checksum right.
/// </summary>
internal sealed class FolderPull(EdnaClient client, StoreTransfer store, string dataset, PullOptions options, IProgress<PullProgress>? progress)
{
    private readonly ConcurrentBag<TransferFailure> _failures = [];
    private int _found, _settled, _downloaded, _unchanged, _bySize;
    private bool _allFound;

    public async Task<PullResult> RunAsync(string folder, CancellationToken ct)
    {
        var root = Directory.CreateDirectory(folder).FullName;
        var query = options.Query with { Status = ItemStatuses.Available, Limit = EdnaClient.BatchLimit };
        string? cursor = null;
        do
        {
            var page = await client.ListItemsPageAsync(dataset, query, cursor, ct);
            _found += page.Items.Count;
            _allFound = page.NextCursor is null;
            Report();
            await PullAsync(root, page.Items, ct);
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        return new PullResult
        {
            Downloaded = _downloaded, Unchanged = _unchanged, ComparedBySize = _bySize,
            Failures = [.. _failures.OrderBy(f => f.Path, StringComparer.Ordinal)],
        };
    }

    private async Task PullAsync(string root, IReadOnlyList<Item> items, CancellationToken ct)
    {
        var missing = new ConcurrentBag<(Item Item, string File)>();
        await ForEachAsync(items, async (item, stop) =>
        {
            if (SafePath.Under(root, item.Path) is not { } file) Fail(item.Path, SafePath.Refused(item.Path));
            else if (await FileCheck.MatchesAsync(file, item.Size, item.Checksum, stop)) Settle(item.Checksum, ref _unchanged);
            else missing.Add((item, file));
        }, ct);
        if (missing.IsEmpty) return;
        var wanted = missing.ToArray();
        var signed = await client.GetDownloadsAsync(dataset, [.. wanted.Select(w => w.Item.Id)], ct);
        await ForEachAsync(wanted.Zip(signed), async (one, stop) => await FetchAsync(one.First.Item, one.First.File, one.Second, stop), ct);
    }

    private async Task FetchAsync(Item item, string file, DownloadOutcome download, CancellationToken ct)
    {
        if (download.Problem is { } problem)
        {
            Fail(item.Path, problem);
            return;
        }
        var part = file + ".edna-part";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await store.GetAsync(download.Url!, part, ct);
            if (await FileCheck.MatchesAsync(part, item.Size, item.Checksum, ct))
            {
                File.Move(part, file, overwrite: true);
                Settle(item.Checksum, ref _downloaded);
                return;
            }
            File.Delete(part);
            Fail(item.Path, FileCheck.OtherBytes);
        }
        catch (Exception e) when (e is EdnaException { IsTransient: false } or UnauthorizedAccessException || (e is IOException and not HttpIOException))
        {
            Fail(item.Path, TransferFailure.Of(item.Path, e).Problem);
        }
    }

    private Task ForEachAsync<T>(IEnumerable<T> all, Func<T, CancellationToken, ValueTask> one, CancellationToken ct) =>
        Parallel.ForEachAsync(all, new ParallelOptions { MaxDegreeOfParallelism = options.Concurrency, CancellationToken = ct }, one);

    private void Settle(Checksum? checksum, ref int count)
    {
        Interlocked.Increment(ref count);
        if (!FileCheck.CanCompute(checksum)) Interlocked.Increment(ref _bySize);
        Settled();
    }

    private void Fail(string path, Problem problem)
    {
        _failures.Add(new TransferFailure(path, problem));
        Settled();
    }

    private void Settled()
    {
        Interlocked.Increment(ref _settled);
        Report();
    }

    private void Report() => progress?.Report(new PullProgress(_found, Volatile.Read(ref _settled), _allFound));
}
