namespace Edna.Idempotency;

/// <summary>What a request was answered, as it is stored. Field names are stored: never rename.</summary>
public sealed class IdempotencyState
{
    /// <summary>The request's hash.</summary>
    public string RequestHash { get; set; } = "";

    /// <summary>The answer's status.</summary>
    public int Status { get; set; }

    /// <summary>The answer's body, gzipped.</summary>
    public byte[] Body { get; set; } = [];

    /// <summary>The answer's headers.</summary>
    public Dictionary<string, string> Headers { get; set; } = [];

    /// <summary>When it was answered, UTC.</summary>
    public DateTimeOffset AnsweredAt { get; set; }
}
