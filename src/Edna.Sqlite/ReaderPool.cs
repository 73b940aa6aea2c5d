using System.Collections.Concurrent;

namespace Edna.Sqlite;

/// <summary>A few connections for reading, each lent to one caller at a time.</summary>
internal sealed class ReaderPool(string path, int size, int cacheKilobytes) : IDisposable
{
    private readonly ConcurrentBag<Connection> _idle = [];
    private readonly SemaphoreSlim _free = new(size, size);
    private volatile bool _disposed;

    /// <summary>Lends a connection; waits while all are in use. Cancelling ends the waiting, and the reading in the midst of a statement.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async ValueTask<T> ReadAsync<T>(Func<Connection, T> read, CancellationToken ct)
    {
        await _free.WaitAsync(ct);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_idle.TryTake(out var connection)) connection = Connection.OpenForReading(path, cacheKilobytes);
            try
            {
                connection.StopOn(ct);
                var result = read(connection);
                connection.StopOn(CancellationToken.None);
                _idle.Add(connection);
                return result;
            }
            catch (SqliteFaultException fault) when (fault.IsInterruption && ct.IsCancellationRequested)
            {
                connection.Dispose();
                throw new OperationCanceledException("The reading was stopped.", fault, ct);
            }
            catch
            {
                // A statement may be left half-way, and with it a snapshot; the next reader gets a fresh connection.
                connection.Dispose();
                throw;
            }
        }
        finally
        {
            _free.Release();
        }
    }

    /// <summary>Waits for the readers that are under way, then closes the connections.</summary>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        for (var i = 0; i < size; i++) _free.Wait();
        while (_idle.TryTake(out var connection)) connection.Dispose();
        _free.Release(size);
    }
}
