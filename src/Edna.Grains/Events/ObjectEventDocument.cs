namespace Edna.Events;

/// <summary>What a document of object events holds.</summary>
public sealed record ObjectEventDocument
{
    /// <summary>The events that say something about an object's bytes or tags.</summary>
    public required IReadOnlyList<ObjectEvent> Events { get; init; }

    /// <summary>Records of other kinds, such as a restore from an archive.</summary>
    public int OfOtherKinds { get; init; }

    /// <summary>Where a subscription to an SNS topic is confirmed, when the document asks for that; else null. EDNA never goes there itself.</summary>
    public string? SubscribeUrl { get; init; }

    /// <summary>A document without events: a test, or SNS's own business.</summary>
    public static ObjectEventDocument Empty { get; } = new() { Events = [] };
}
