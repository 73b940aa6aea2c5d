using System.Diagnostics.Metrics;

namespace Edna.Webhooks;

/// <summary>Counts attempts: the meter <c>Edna.Webhooks</c>.</summary>
internal static class WebhookMeter
{
    private static readonly Meter Meter = new("Edna.Webhooks");
    private static readonly Counter<long> Attempts = Meter.CreateCounter<long>("edna.webhooks.attempts", "{attempt}", "Attempts to deliver, by what came of them");

    private static readonly UpDownCounter<int> Waiting = Meter.CreateUpDownCounter<int>("edna.webhooks.waiting", "{delivery}", "Deliveries that wait for an attempt, of webhooks that are awake");

    /// <summary>Counts deliveries that have come to wait; less than zero: that wait no more.</summary>
    public static void Wait(int deliveries)
    {
        if (deliveries != 0) Waiting.Add(deliveries);
    }

    /// <summary>Counts an attempt by its outcome: <c>Delivered</c>, <c>TryAgain</c> or <c>Gone</c>.</summary>
    public static void Count(WebhookAnswer answer) => Attempts.Add(1, new KeyValuePair<string, object?>("outcome", AnswerMeanings.Of(answer.Status).ToString()));
}
