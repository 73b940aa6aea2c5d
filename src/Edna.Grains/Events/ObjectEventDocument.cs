namespace Edna.Events;

/// <summary>What a document of object events holds.</summary>
public sealed record ObjectEventDocument
{
    /// <summary>The events that say something about an object's bytes or tags.</summary>
    public required IReadOnlyList<ObjectEvent> Events { get; init; }

    /// <summary>Records of other kinds, such as a restore from an archive.</summary>
    public int OfOtherKinds { get; init; }

    /// <summary>Records that can never be understood, whatever else the document holds.</summary>
    public int Invalid { get; init; }

    /// <summary>The first of the <see cref="Invalid"/>, at most <see cref="MostTold"/>.</summary>
    public IReadOnlyList<MalformedRecord> Malformed { get; init; } = [];

    /// <summary>Where a subscription to an SNS topic is confirmed, when the document asks for that; else null. EDNA never goes there itself.</summary>
    public string? SubscribeUrl { get; init; }

    /// <summary>A document without events: a test, or SNS's own business.</summary>
    public static ObjectEventDocument Empty { get; } = new() { Events = [] };

    /// <summary>Malformed records that are told of one by one; more are only counted.</summary>
    public const int MostTold = 5;
}

/// <summary>A record that can never be understood.</summary>
/// <param name="At">Where it stands among the document's records, from 0.</param>
/// <param name="Fault">What is wrong with it, as the end of a sentence.</param>
/// <param name="Text">The record as it came, on one line, at most <see cref="MostText"/> bytes of it.</param>
public readonly record struct MalformedRecord(int At, string Fault, string Text)
{
    /// <summary>Bytes of a record that are kept to be told: more than a record of S3's needs.</summary>
    public const int MostText = 4_096;

    /// <summary>What is wrong, and where, as a sentence.</summary>
    public string Reason => $"'Records[{At}]' {Fault}.";
}
