namespace Edna.Client;

/// <summary>How a client behaves when things do not go well.</summary>
public sealed record EdnaClientOptions
{
    /// <summary>
    /// How long a request is tried again after a transport fault, 429, 502, 503 or 504, counted from its first attempt. Zero
    /// tries once. Trying again is safe: every EDNA request is idempotent by its path, its revision or its idempotency key.
    /// </summary>
    public TimeSpan RetryFor { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The first pause between attempts, doubled each time up to five seconds; a <c>Retry-After</c> goes before it.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How long one request to EDNA may take.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
