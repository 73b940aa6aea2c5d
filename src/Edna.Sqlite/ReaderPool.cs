using System.Collections.Concurrent;

namespace Edna.Sqlite;

/// <summary>A few connections for reading, each lent to one caller at a time.</summary>
internal sealed class ReaderPool(string path, int size, int cacheKilobytes) : IDisposable
{
    private readonly ConcurrentBag<Connection> _idle = [];
    private readonly SemaphoreSlim _free = new(size, size);
    private volatile bool _disposed;

    /// <summary>Lends a connection; waits while all are in use.</summary>
    public async ValueTask<T> ReadAsync<T>(Func<Connection, T> read, CancellationToken ct)
    {
        await _free.WaitAsync(ct);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_idle.TryTake(out var connection)) connection = Connection.OpenForReading(path, cacheKilobytes);
            try
            {
                var result = read(connection);
                _idle.Add(connection);
                return result;
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
