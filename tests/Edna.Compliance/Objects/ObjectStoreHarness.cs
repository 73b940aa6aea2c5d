using Xunit;

namespace Edna.Objects;

/// <summary>A running object store for a suite.</summary>
public abstract class ObjectStoreHarness : IAsyncLifetime
{
    /// <summary>The adapter under test. Skips the test, with the reason, where its server is missing.</summary>
    public abstract IObjectStore Store { get; }

    /// <summary>A second adapter on the same bucket, with a clock of its own.</summary>
    public abstract IObjectStore StoreAt(TimeProvider time);

    /// <summary>An adapter whose store does not answer.</summary>
    public abstract IObjectStore Unreachable { get; }

    public abstract ValueTask InitializeAsync();

    public abstract ValueTask DisposeAsync();
}

/// <summary>A clock that stands still.</summary>
/// <param name="now">The time that it shows.</param>
public sealed class StoppedClock(DateTimeOffset now) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => now;
}
