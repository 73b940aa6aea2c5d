using System.Collections.Concurrent;
using Edna.Objects;
using Edna.Results;

namespace Edna.Storage.Files;

/// <summary>
/// The multipart uploads that are being completed. Copying a large object takes longer than a caller waits: the work goes on
/// without it, and who asks for the same again joins in instead of copying a second time.
/// </summary>
internal sealed class RunningCompletions : IDisposable
{
    /// <summary>The longest that a caller waits; it is told then that the store does not answer in time.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ConcurrentDictionary<(string UploadId, string ETag), Lazy<Task<MultipartOutcome>>> _running = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly CancellationToken _closed;
    private bool _disposed;

    public RunningCompletions() => _closed = _closing.Token;

    /// <summary>Runs the work unless it runs already, and waits for its end.</summary>
    /// <param name="uploadId">The upload.</param>
    /// <param name="etag">The entity tag that its parts make: tells one list of parts from another.</param>
    /// <param name="work">The work; its token is cancelled when the store is closed.</param>
    /// <param name="ct">Cancels the waiting.</param>
    public async Task<MultipartOutcome> RunAsync(
        string uploadId, string etag, Func<CancellationToken, Task<MultipartOutcome>> work, CancellationToken ct)
    {
        var running = _running.GetOrAdd((uploadId, etag), key => new(() => Task.Run(async () =>
        {
            try
            {
                return await work(_closed);
            }
            finally
            {
                _running.TryRemove(key, out _);
            }
        })));
        try
        {
            return await running.Value.WaitAsync(Patience, ct);
        }
        catch (Exception e) when (e is TimeoutException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            throw new UnavailableException("The object store", e);
        }
    }

    /// <summary>Breaks the work off, and waits until it let go of its files.</summary>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _closing.Cancel();
        foreach (var running in _running.Values) Task.WhenAny(running.Value).GetAwaiter().GetResult();
        _closing.Dispose();
    }
}
