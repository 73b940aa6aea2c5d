using Microsoft.Extensions.Logging;

namespace Edna.Events;

/// <summary>Tells what a document holds beside its events, once it has been taken.</summary>
public static partial class DocumentReport
{
    /// <summary>Logs the first malformed records as they came, counts all, and logs a subscription that awaits confirmation.</summary>
    /// <param name="document">The document.</param>
    /// <param name="log">The log of whoever took it.</param>
    public static void Tell(this ObjectEventDocument document, ILogger log)
    {
        if (document.SubscribeUrl is { } address) LogSubscription(log, address);
        foreach (var record in document.Malformed) LogMalformed(log, record.Reason, record.Text);
        if (document.Invalid > document.Malformed.Count) LogMore(log, document.Invalid - document.Malformed.Count);
        EventMeter.Count(EventMeter.Invalid, document.Invalid);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "An SNS topic asks to confirm that its events shall come here. If that is wanted, open {Address}")]
    private static partial void LogSubscription(ILogger log, string address);

    [LoggerMessage(Level = LogLevel.Error, Message = "A record of an event document cannot be understood; the others were taken. {Reason} It is {Record}")]
    private static partial void LogMalformed(ILogger log, string reason, string record);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Count} more records of that document cannot be understood either")]
    private static partial void LogMore(ILogger log, int count);
}
