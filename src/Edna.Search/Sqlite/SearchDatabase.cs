using Edna.Hosting;
using Edna.Results;
using Edna.Sqlite;
using Microsoft.Extensions.Logging;

namespace Edna.Search.Sqlite;

/// <summary>
/// The file <c>search.db</c>: one writer, a few readers. It is derived data: a file that makes no sense is set aside and an empty
/// one started, which the generation tells.
/// </summary>
internal sealed partial class SearchDatabase : IAsyncDisposable
{
    private const string What = "The search index";
    private const int GroupWeight = 4_000;
    private const int FrequentFrom = 256;

    private readonly ILogger _logger;
    private readonly string _path;
    private readonly GroupCommitWriter<SearchWriteSession> _writer;
    private readonly ReaderPool _readers;
    private readonly SearchTurns _turns;

    /// <summary>Opens the file, makes it or brings it up to date.</summary>
    /// <exception cref="SchemaTooNewException">A newer program wrote the file.</exception>
    /// <param name="directory">Where the file lies.</param>
    /// <param name="options">Memory, readers, and how long a search may take.</param>
    /// <param name="logger">Is told of faults.</param>
    /// <param name="frequentFrom">Documents that make a word frequent: see <see cref="FrequentWords"/>.</param>
    /// <param name="time">Measures how long searches take; the system's when null.</param>
    /// <param name="began">Is told the tenant of each search that has got its reader, before it reads.</param>
    public SearchDatabase(
        DataDirectory directory, SqliteSearchOptions options, ILogger<SearchDatabase> logger, int frequentFrom = FrequentFrom, TimeProvider? time = null, Action<string>? began = null)
    {
        (_logger, _path) = (logger, directory.At("search.db"));
        var session = OpenOrStartAnew(options.CacheMegabytes * 1024, frequentFrom);
        // One more for what is no search and quickly read: how the index is, what it counts, and its generation.
        _readers = new(_path, options.Readers + 1, options.ReaderCacheMegabytes * 1024);
        _turns = new(options.Readers, Math.Max(1, options.Readers - 1), options.Deadline, time ?? TimeProvider.System, began);
        _writer = new(session, "search.db writer", GroupWeight, Faulted);
    }

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
            Faulted(fault);
            throw new UnavailableException(What, fault);
        }
    }

    /// <summary>
    /// Reads for a search: no longer than the deadline, and with no more readers for a tenant than leave one for the others. On a thread of its own, for
    /// the caller's must be free to hear that the search is given up.
    /// </summary>
    /// <exception cref="SearchStoppedException">It took too long.</exception>
    /// <exception cref="UnavailableException">The file cannot be read.</exception>
    public Task<T> SearchAsync<T>(string tenant, Func<Connection, T> read, CancellationToken ct) =>
        Task.Run(() => _turns.RunAsync(tenant, (began, stop) => ReadAsync(connection =>
        {
            began();
            return read(connection);
        }, stop), ct), ct);

    /// <summary>Writes, durable when the task completes. Cancelling ends the waiting, not the write.</summary>
    /// <exception cref="UnavailableException">The file cannot be written.</exception>
    public async Task<T> WriteAsync<T>(Func<SearchWriteSession, T> write, int weight, CancellationToken ct)
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
    }

    private SearchWriteSession OpenOrStartAnew(int cacheKilobytes, int frequentFrom)
    {
        if (File.Exists(BrokenMark)) SetAside();
        try
        {
            return Open(cacheKilobytes, frequentFrom);
        }
        catch (SqliteFaultException fault) when (fault.IsCorruption)
        {
            LogCorrupt(_path, fault);
            SetAside();
            return Open(cacheKilobytes, frequentFrom);
        }
    }

    private SearchWriteSession Open(int cacheKilobytes, int frequentFrom)
    {
        var connection = Connection.OpenForWriting(_path, cacheKilobytes);
        try
        {
            SearchSchema.Migrations.Apply(connection, _path);
            SearchReads.Generation(connection);
            connection.QueryLong("SELECT count(*) FROM doc_text WHERE doc_text MATCH 'a' LIMIT 1");
            var words = new FrequentWords(connection, frequentFrom);
            words.Load();
            return new(connection, new Checkpoints(_path, _logger), words);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Notes that the file was found to be broken while in use: the next start begins with an empty one.</summary>
    private void Faulted(Exception fault)
    {
        LogFault(_path, fault);
        if (fault is SqliteFaultException { IsCorruption: true }) File.WriteAllText(BrokenMark, fault.Message);
    }

    private void SetAside()
    {
        var aside = _path + ".broken";
        foreach (var suffix in (string[])["", "-wal", "-shm"])
        {
            File.Delete(aside + suffix);
            if (File.Exists(_path + suffix)) File.Move(_path + suffix, aside + suffix);
        }
        File.Delete(BrokenMark);
        LogSetAside(_path, aside);
    }

    private string BrokenMark => _path + ".is-broken";

    [LoggerMessage(Level = LogLevel.Error, Message = "The search index {Path} could not be used.")]
    private partial void LogFault(string path, Exception fault);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The search index {Path} makes no sense.")]
    private partial void LogCorrupt(string path, Exception fault);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The broken search index {Path} was kept as {Aside}; an empty one is started and filled from the item table.")]
    private partial void LogSetAside(string path, string aside);
}
