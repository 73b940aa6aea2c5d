using System.Text;
using Amazon.SQS.Model;
using Edna.Items;
using Edna.Results;
using Microsoft.Extensions.Logging;

namespace Edna.Events;

/// <summary>Works one message off: hands its events to the intake, and puts aside what cannot be read.</summary>
internal sealed partial class MessageIntake(SqsEventQueue queue, IGrainFactory grains, ILogger<SqsEventConsumer> log)
{
    /// <summary>Takes what the message holds. It may be taken again, whatever came of it.</summary>
    /// <returns>What is to become of it; never throws.</returns>
    public async Task<MessageFate> TakeAsync(Message message)
    {
        try
        {
            if (!ObjectEvents.Read(Encoding.UTF8.GetBytes(message.Body)).TryGet(out var document, out var invalid)) return await BuryAsync(message, invalid);
            if (document.Events.Count > 0 && (await grains.GetGrain<IEventIntakeGrain>(0).TakeAsync(document.Events)).Problem is { } problem)
            {
                if (problem.Code == UploadErrors.Verifying) return MessageFate.Verifying;
                LogLater(message.MessageId, problem.Detail);
                return MessageFate.Later;
            }
            document.Tell(log);
            // What could be read has been worked off; what could not is kept for somebody to look at.
            return document.Malformed is [var first, ..] ? await BuryAsync(message, EventErrors.Invalid(first.Reason)) : MessageFate.Done;
        }
        catch (Exception e)
        {
            LogFailed(message.MessageId, e);
            return MessageFate.Later;
        }
    }

    private async Task<MessageFate> BuryAsync(Message message, Problem invalid)
    {
        var buried = await queue.BuryAsync(message, invalid.Detail);
        if (buried) LogBuried(message.MessageId, invalid.Detail);
        else LogUnburied(message.MessageId, invalid.Detail);
        return buried ? MessageFate.Done : MessageFate.Poison;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The events of message {Message} could not be worked off yet: {Reason} They come again")]
    private partial void LogLater(string message, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The events of message {Message} could not be worked off; they come again")]
    private partial void LogFailed(string message, Exception e);

    [LoggerMessage(Level = LogLevel.Error, Message = "Message {Message} cannot be read, or not all of it, and was moved to the dead-letter queue: {Reason}")]
    private partial void LogBuried(string message, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Message {Message} cannot be read, or not all of it, and there is no dead-letter queue (Edna:Events:Sqs:DeadLetterQueueUrl, or a redrive policy); it stays in the queue: {Reason}")]
    private partial void LogUnburied(string message, string reason);
}
