using System.Diagnostics;
using System.Diagnostics.Metrics;
using Edna.Results;
using Orleans.Storage;

namespace Edna.Telemetry;

/// <summary>
/// How long the calls of a port take and what comes of them: a histogram, <c>edna.store.duration</c>, in the meter <see cref="Name"/>, and a span for
/// each call, <c>store.head</c>, in the source of the same name.
/// </summary>
/// <param name="port">The port, in a word.</param>
/// <param name="what">What the histogram tells.</param>
internal sealed class CallMeter(string port, string what)
{
    /// <summary>The name of meter and source.</summary>
    public const string Name = "Edna.Ports";

    private static readonly Meter Meter = new(Name);
    private static readonly ActivitySource Spans = new(Name);

    private readonly Histogram<double> durations = Meter.CreateHistogram($"edna.{port}.duration", "s", what, advice: new InstrumentAdvice<double>
    {
        HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    });

    /// <summary>Makes a call, and measures it.</summary>
    public async ValueTask<T> MeasureAsync<T>(string operation, Func<ValueTask<T>> call)
    {
        using var span = Spans.HasListeners() ? Spans.StartActivity($"{port}.{operation}", ActivityKind.Client) : null;
        var started = Stopwatch.GetTimestamp();
        try
        {
            var result = await call();
            Record(operation, started, span, null);
            return result;
        }
        catch (Exception e)
        {
            Record(operation, started, span, e);
            throw;
        }
    }

    /// <summary>Makes a call that answers nothing, and measures it.</summary>
    public async ValueTask MeasureAsync(string operation, Func<ValueTask> call) => await MeasureAsync(operation, async () =>
    {
        await call();
        return true;
    });

    /// <summary>What came of a call, in a word.</summary>
    public static string OutcomeOf(Exception? fault) => fault switch
    {
        null => "ok",
        UnavailableException { Refusal: not null } => "refused",
        UnavailableException or TimeoutException => "unavailable",
        OperationCanceledException => "cancelled",
        InconsistentStateException => "conflict",
        _ => "fault",
    };

    private void Record(string operation, long started, Activity? span, Exception? fault)
    {
        var outcome = OutcomeOf(fault);
        if (durations.Enabled) durations.Record(Stopwatch.GetElapsedTime(started).TotalSeconds, new("operation", operation), new("outcome", outcome));
        if (span is null || fault is null) return;
        span.SetTag("edna.outcome", outcome);
        span.SetStatus(ActivityStatusCode.Error, fault.Message);
    }
}
