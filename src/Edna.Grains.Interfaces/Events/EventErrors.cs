using Edna.Results;

namespace Edna.Events;

/// <summary>What can be wrong with a document of object events.</summary>
public static class EventErrors
{
    /// <summary><c>event.invalid</c>: it can never be understood, however often it is sent.</summary>
    /// <param name="why">What is wrong, and where.</param>
    public static Problem Invalid(string why) => new()
    {
        Code = "event.invalid", Status = 400, Title = "The document is not an object event.",
        Detail = $"{why} Taken are S3 event notifications (AWS and Ceph) and EventBridge events of S3, also as SNS sends them.",
    };
}
