using System.Buffers;
using System.Threading.Channels;
using Microsoft.Extensions.Options;

namespace Edna.ActivityLog;

/// <summary>
/// Writes the activity log beside the requests: they wait only when it is far behind. What is accepted is written before the process ends, unless that is killed.
/// </summary>
internal sealed partial class ActivityWriter(IActivitySink sink, IOptions<ActivityOptions> options, ILogger<ActivityWriter> log) : IHostedService
{
    /// <summary>Lines that may wait.</summary>
    public const int MostWaiting = 10_000;

    private const int BatchBytes = 256 * 1024;

    private readonly Channel<ActivityLine> waiting = Channel.CreateBounded<ActivityLine>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    private readonly string? metricsNamespace = options.Value.EmbeddedMetrics ? options.Value.MetricsNamespace : null;
    private Task writing = Task.CompletedTask;

    /// <summary>Whether lines are wanted.</summary>
    public bool IsOn => sink.IsOn;

    /// <summary>Takes a line; waits while too many wait.</summary>
    public ValueTask WriteAsync(ActivityLine line) => waiting.Writer.WriteAsync(line);

    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (sink.IsOn) writing = WriteAllAsync();
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        waiting.Writer.TryComplete();
        await writing.WaitAsync(cancellationToken);
        await sink.DisposeAsync();
    }

    private async Task WriteAllAsync()
    {
        var batch = new ArrayBufferWriter<byte>(BatchBytes);
        while (await waiting.Reader.WaitToReadAsync())
        {
            var lines = 0;
            for (; batch.WrittenCount < BatchBytes && waiting.Reader.TryRead(out var line); lines++) line.Write(batch, metricsNamespace);
            try
            {
                await sink.WriteAsync(batch.WrittenMemory);
            }
            catch (IOException e)
            {
                // The requests are done and cannot be undone; what they did also stands in the histories of the items.
                LogLost(lines, e);
            }
            batch.ResetWrittenCount();
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Lines} lines of the activity log could not be written and are lost")]
    private partial void LogLost(int lines, Exception e);
}
