using Edna.Answers;
using Edna.OpenApi;
using Edna.Requests;

namespace Edna.Events;

/// <summary><c>/v1/callbacks/s3</c>: where a store, or what stands between, sends its events.</summary>
internal static class CallbackEndpoints
{
    private const string Confirm = "The topic's subscription awaits confirmation: open the SubscribeURL of this message. It stands in the log.";

    /// <summary>Maps the route. It has a key of its own, so the ordinary ones are not asked for.</summary>
    public static void MapCallbacks(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/v1/callbacks/s3", TakeAsync).WithTags("Events").AllowAnonymous()
            .WithMetadata(new CallbackAccess())
            .Says<EventCounts>("Take object events in: S3 notifications (AWS, Ceph), EventBridge, or either wrapped by SNS", 202).Refuses(413);

    private static async Task<Answer<EventCounts>> TakeAsync(HttpContext http, CallbackKey key, IGrainFactory grains, ILoggerFactory logs)
    {
        if (key.FaultOf(http.Request) is { } refused)
        {
            // SNS sends its credentials only after it was asked for them.
            if (refused.Status == StatusCodes.Status401Unauthorized) http.Response.Headers.WWWAuthenticate = "Basic realm=\"edna\", Bearer realm=\"edna\"";
            return refused;
        }
        using var body = await RequestBody.ReadAsync(http, ObjectEvents.DocumentBytes);
        if (body.Problem is { } tooLarge) return tooLarge;
        if (!ObjectEvents.Read(body.Memory).TryGet(out var document, out var invalid)) return invalid;
        var counts = new EventCounts { Received = 0, Confirmed = 0, Failed = 0, Changed = 0, Unchanged = 0, Ignored = 0, Invalid = 0 };
        if (document.Events.Count > 0)
        {
            var taken = await grains.Events().TakeAsync(document.Events);
            if (!taken.TryGet(out counts!, out var problem)) return problem;
        }
        document.Tell(logs.CreateLogger(typeof(CallbackEndpoints)));
        return new Answer<EventCounts>
        {
            Status = StatusCodes.Status202Accepted,
            Value = counts with
            {
                Received = counts.Received + document.OfOtherKinds + document.Invalid, Ignored = counts.Ignored + document.OfOtherKinds,
                Invalid = document.Invalid, Note = document.SubscribeUrl is not null ? Confirm : document.Malformed is [var first, ..] ? first.Reason : null,
            },
        };
    }
}
