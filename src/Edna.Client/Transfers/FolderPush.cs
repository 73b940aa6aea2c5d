using System.Collections.Concurrent;

namespace Edna.Client;

/// <summary>
/// One push of a folder: batches of files, each hashed, planned, sent and confirmed. Everything it does is idempotent, so a push
/// that was cut off anywhere is finished by pushing again.
/// </summary>
internal sealed class FolderPush(EdnaClient client, StoreTransfer store, string dataset, PushOptions options, IProgress<PushProgress>? progress) : IDisposable
{
    /// <summary>Batches under way together: one is hashed and planned while another is sent.</summary>
    private const int BatchesAtOnce = 2;

    private readonly SemaphoreSlim _sending = new(options.Concurrency);
    private readonly ConcurrentBag<TransferFailure> _failures = [];
    private readonly ConcurrentDictionary<string, long> _arrived = new(StringComparer.Ordinal);
    private (int Files, long Bytes) _all;
    private int _settled, _uploaded, _unchanged, _labelled, _labelsKept;
    private long _settledBytes, _uploadedBytes;

    public async Task<PushResult> RunAsync(string folder, CancellationToken ct)
    {
        var files = LocalFolder.List(folder, options.Except);
        _all = (files.Count, files.Sum(f => f.Size));
        Report();
        await Parallel.ForEachAsync(
            files.Chunk(EdnaClient.BatchLimit), new ParallelOptions { MaxDegreeOfParallelism = BatchesAtOnce, CancellationToken = ct },
            async (batch, stop) => await PushAsync(batch, stop));
        return new PushResult
        {
            Uploaded = _uploaded, Unchanged = _unchanged, UploadedBytes = _uploadedBytes, Labelled = _labelled, LabelsKept = _labelsKept,
            Failures = [.. _failures.OrderBy(f => f.Path, StringComparer.Ordinal)],
        };
    }

    public void Dispose() => _sending.Dispose();

    private async Task PushAsync(LocalFile[] batch, CancellationToken ct)
    {
        var files = await DescribeAsync(batch, ct);
        var labelled = new ConcurrentBag<(Item Item, LabelsLine Line)>();
        await new BatchPush(client, store, dataset, _sending, (file, item, sent) =>
        {
            if (sent) (_, _) = (Interlocked.Increment(ref _uploaded), Interlocked.Add(ref _uploadedBytes, file.Request.Size));
            else Interlocked.Increment(ref _unchanged);
            if (Line(file.File) is { Annotations: not null } line) labelled.Add((item, line));
            Settle(file.File);
        }, (file, problem) => Fail(file.File, new TransferFailure(file.File.Path, problem)), Arrive).RunAsync(files, ct);
        await ForEachAsync(labelled, async (one, stop) => await LabelAsync(one.Item, one.Line, stop), ct);
    }

    private async Task<IReadOnlyList<PlannedFile>> DescribeAsync(LocalFile[] batch, CancellationToken ct)
    {
        var described = new PlannedFile?[batch.Length];
        await Parallel.ForAsync(0, batch.Length, ct, async (i, stop) =>
        {
            var file = batch[i];
            try
            {
                var (size, checksum) = await LocalFolder.HashAsync(file.FullPath, stop);
                described[i] = new PlannedFile(file, Describe(file, size, checksum));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Fail(file, TransferFailure.Of(file.Path, e));
            }
        });
        return [.. described.OfType<PlannedFile>()];
    }

    private CreateItem Describe(LocalFile file, long size, Checksum checksum)
    {
        var line = Line(file);
        return new CreateItem
        {
            Path = file.Path, ContentType = MediaTypes.Of(file.Path), Size = size, Checksum = checksum, Tags = line?.Tags,
            Metadata = line?.Metadata, Split = line?.Split,
        };
    }

    // Revision 0 says "none yet": labels that somebody has worked on since are theirs.
    private async Task LabelAsync(Item item, LabelsLine line, CancellationToken ct)
    {
        if (item.LabelRevision > 0)
        {
            Interlocked.Increment(ref _labelsKept);
            return;
        }
        try
        {
            await client.PutLabelsAsync(dataset, item.Id, new PutLabels { Annotations = line.Annotations!, Status = line.Status }, ifMatch: 0, ct);
            Interlocked.Increment(ref _labelled);
        }
        catch (EdnaException e) when (e.Code == "labels.revision_conflict")
        {
            Interlocked.Increment(ref _labelsKept);
        }
        catch (EdnaException e) when (!e.IsTransient)
        {
            _failures.Add(TransferFailure.Of(line.Path, e));
        }
    }

    private Task ForEachAsync<T>(IEnumerable<T> all, Func<T, CancellationToken, ValueTask> one, CancellationToken ct) =>
        Parallel.ForEachAsync(all, new ParallelOptions { MaxDegreeOfParallelism = options.Concurrency, CancellationToken = ct }, one);

    private LabelsLine? Line(LocalFile file) => options.Labels?.GetValueOrDefault(file.Path);

    private void Fail(LocalFile file, TransferFailure failure)
    {
        _failures.Add(failure);
        Settle(file);
    }

    private void Settle(LocalFile file)
    {
        Interlocked.Increment(ref _settled);
        _arrived.TryRemove(file.Path, out var counted);
        Interlocked.Add(ref _settledBytes, file.Size - counted);
        Report();
    }

    /// <summary>Counts the parts of a large file before it is settled as a whole.</summary>
    private void Arrive(LocalFile file, long bytes)
    {
        _arrived.AddOrUpdate(file.Path, bytes, (_, before) => before + bytes);
        Interlocked.Add(ref _settledBytes, bytes);
        Report();
    }

    private void Report() =>
        progress?.Report(new PushProgress(_all.Files, Volatile.Read(ref _settled), _all.Bytes, Interlocked.Read(ref _settledBytes)));
}
