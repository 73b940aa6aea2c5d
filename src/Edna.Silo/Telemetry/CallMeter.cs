using System.Diagnostics;
using System.Diagnostics.Metrics;
using Edna.Results;
using Orleans.Storage;

namespace Edna.Telemetry;

/// <summary>How long the calls of a port take and what comes of them, one histogram a port, in the meter <see cref="Name"/>.</summary>
/// <param name="instrument">The histogram's name.</param>
/// <param name="what">What it tells.</param>
internal sealed class CallMeter(string instrument, string what)
{
    /// <summary>The meter's name.</summary>
    public const string Name = "Edna.Ports";

    private static readonly Meter Meter = new(Name);

    private readonly Histogram<double> durations = Meter.CreateHistogram(instrument, "s", what, advice: new InstrumentAdvice<double>
    {
        HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    });

    /// <summary>Measures a call.</summary>
    public async ValueTask<T> MeasureAsync<T>(string operation, ValueTask<T> call)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            var result = await call;
            Record(operation, started, null);
            return result;
        }
        catch (Exception e)
        {
            Record(operation, started, e);
            throw;
        }
    }

    /// <summary>Measures a call that answers nothing.</summary>
    public async ValueTask MeasureAsync(string operation, ValueTask call)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            await call;
            Record(operation, started, null);
        }
        catch (Exception e)
        {
            Record(operation, started, e);
            throw;
        }
    }

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

    private void Record(string operation, long started, Exception? fault)
    {
        if (durations.Enabled)
            durations.Record(Stopwatch.GetElapsedTime(started).TotalSeconds, new("operation", operation), new("outcome", OutcomeOf(fault)));
    }
}
