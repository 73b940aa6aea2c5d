namespace Edna.Idempotency;

/// <summary>A request that was begun, and what it was answered, as it is stored. Field names are stored: never rename.</summary>
public sealed record IdempotencyState
{
    /// <summary>The request's hash.</summary>
    public string RequestHash { get; set; } = "";

    /// <summary>The name of what the request makes; empty for one that was answered before there were names.</summary>
    public string Name { get; set; } = "";

    /// <summary>The attempt that was begun last.</summary>
    public string Attempt { get; set; } = "";

    /// <summary>How many attempts were begun.</summary>
    public int Attempts { get; set; }

    /// <summary>When the last attempt was begun, UTC.</summary>
    public DateTimeOffset BegunAt { get; set; }

    /// <summary>The answer's status; 0 while there is none.</summary>
    public int Status { get; set; }

    /// <summary>The answer's body, gzipped.</summary>
    public byte[] Body { get; set; } = [];

    /// <summary>The answer's headers.</summary>
    public Dictionary<string, string> Headers { get; set; } = [];

    /// <summary>When it was answered, UTC.</summary>
    public DateTimeOffset AnsweredAt { get; set; }
}
