using System.Diagnostics.Metrics;

namespace Edna.Webhooks;

/// <summary>Counts attempts: the meter <c>Edna.Webhooks</c>.</summary>
internal static class WebhookMeter
{
    private static readonly Meter Meter = new("Edna.Webhooks");
    private static readonly Counter<long> Attempts = Meter.CreateCounter<long>("edna.webhooks.attempts", "{attempt}", "Attempts to deliver, by what came of them");

    /// <summary>Counts an attempt by its outcome: <c>Delivered</c>, <c>TryAgain</c> or <c>Gone</c>.</summary>
    public static void Count(WebhookAnswer answer) => Attempts.Add(1, new KeyValuePair<string, object?>("outcome", AnswerMeanings.Of(answer.Status).ToString()));
}
