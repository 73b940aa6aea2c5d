using Edna.Hosting;
using Edna.Results;
using Edna.Sqlite;
using Microsoft.Extensions.Logging;

namespace Edna.Storage.Sqlite;

/// <summary>The file <c>edna.db</c>: one writer, a few readers. Items, grain state and reminders share it.</summary>
internal sealed partial class StateDatabase : IAsyncDisposable
{
    private const string What = "The item table";
    private const int GroupWeight = 8_000;
    private const int ReaderCacheKilobytes = 2_048;

    private readonly ILogger<StateDatabase> _logger;
    private readonly DataDirectoryLock _lock;
    private readonly GroupCommitWriter<StateWriteSession> _writer;
    private readonly ReaderPool _readers;

    /// <summary>Opens the file, makes it or brings it up to date.</summary>
    /// <exception cref="DataDirectoryInUseException">Another process uses the data directory.</exception>
    /// <exception cref="SchemaTooNewException">A newer program wrote the file.</exception>
    public StateDatabase(DataDirectory directory, SqliteStateOptions options, ILogger<StateDatabase> logger)
    {
        _logger = logger;
        _lock = DataDirectoryLock.Take(directory);
        var path = directory.At("edna.db");
        Connection? connection = null;
        try
        {
            connection = Connection.OpenForWriting(path, options.CacheMegabytes * 1024);
            StateSchema.Migrations.Apply(connection, path);
            Numbers = new(connection);
            _readers = new(path, options.Readers, ReaderCacheKilobytes);
            var session = new StateWriteSession(connection, Numbers, new Checkpoints(path, logger));
            _writer = new(session, "edna.db writer", GroupWeight, LogFault);
        }
        catch
        {
            connection?.Dispose();
            _lock.Dispose();
            throw;
        }
    }

    /// <summary>The numbers of datasets that are on the disk.</summary>
    public DatasetNumbers Numbers { get; }

    /// <summary>Reads, in the caller's thread.</summary>
    /// <exception cref="UnavailableException">The file cannot be read.</exception>
    public async ValueTask<T> ReadAsync<T>(Func<Connection, T> read, CancellationToken ct)
    {
        try
        {
            return await _readers.ReadAsync(read, ct);
        }
        catch (SqliteFaultException fault) when (fault.IsEnvironmental)
        {
            LogFault(fault);
            throw new UnavailableException(What, fault);
        }
    }

    /// <summary>Writes, durable when the task completes. Cancelling ends the waiting, not the write.</summary>
    /// <exception cref="UnavailableException">The file cannot be written.</exception>
    public async Task<T> WriteAsync<T>(Func<StateWriteSession, T> write, int weight, CancellationToken ct)
    {
        try
        {
            return await _writer.WriteAsync(write, weight).WaitAsync(ct);
        }
        catch (SqliteFaultException fault) when (fault.IsEnvironmental)
        {
            throw new UnavailableException(What, fault);
        }
    }

    /// <summary>Writes what is queued, then closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        _readers.Dispose();
        await _writer.DisposeAsync();
        _lock.Dispose();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The state file could not be used.")]
    private partial void LogFault(Exception fault);
}
