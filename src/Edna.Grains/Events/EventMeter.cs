using System.Diagnostics.Metrics;

namespace Edna.Events;

/// <summary>The meter <c>Edna.Events</c>.</summary>
internal static class EventMeter
{
    /// <summary>The outcome of records that can never be understood.</summary>
    public const string Invalid = "Invalid";

    private static readonly Meter Meter = new("Edna.Events");
    private static readonly Counter<long> Taken = Meter.CreateCounter<long>("edna.events", "{event}", "Object events taken, by what they came to");

    /// <summary>Counts events by what they came to.</summary>
    public static void Count(string outcome, int events)
    {
        if (events > 0) Taken.Add(events, new KeyValuePair<string, object?>("outcome", outcome));
    }
}
