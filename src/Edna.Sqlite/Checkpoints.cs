using Microsoft.Extensions.Logging;

namespace Edna.Sqlite;

/// <summary>
/// Moves the log into the file beside the writer, so that commits do not wait for it. Only when the writer runs ahead for long does it
/// have to finish one itself: the log can start over from its beginning only when all of it has been moved.
/// </summary>
internal sealed partial class Checkpoints(string path, ILogger logger) : IDisposable
{
    private const int PagesBeside = 4_000;
    private const int PagesInline = 32_000;

    private readonly ILogger _logger = logger;
    private readonly Connection _connection = Connection.OpenForWriting(path, cacheKilobytes: 512);
    private Task _beside = Task.CompletedTask;
    private int _pages;
    private int _pagesBehind;

    /// <summary>Told by the writer after each commit, on its thread.</summary>
    public void Committed(Connection writer)
    {
        var written = writer.TakePagesWritten();
        _pages += written;
        _pagesBehind += written;
        if (_pages < PagesBeside || !_beside.IsCompleted) return;
        if (_pagesBehind >= PagesInline)
        {
            Move(writer);
            _pagesBehind = 0;
            _pages = 0;
            return;
        }
        _pages = 0;
        _beside = Task.Run(() => Move(_connection));
    }

    /// <summary>Waits for the one that is under way.</summary>
    public void Dispose()
    {
        _beside.Wait();
        _connection.Dispose();
    }

    private void Move(Connection connection)
    {
        try
        {
            connection.Checkpoint(truncate: false);
        }
        catch (SqliteFaultException fault)
        {
            // Nothing is lost: the log keeps what could not be moved, and the next checkpoint tries again.
            LogFailed(path, fault);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The log of {Path} could not be moved into the file; it will be tried again.")]
    private partial void LogFailed(string path, Exception fault);
}
