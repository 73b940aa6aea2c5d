using Orleans.Concurrency;

namespace Edna.Health;

/// <summary>Asks what EDNA stands on for a sign of life. A stateless worker; any key.</summary>
[Alias("edna.IHealthGrain")]
public interface IHealthGrain : IGrainWithIntegerKey
{
    /// <summary>How long a part has to answer.</summary>
    static TimeSpan Patience { get; } = TimeSpan.FromSeconds(3);

    /// <summary>Asks every part, at the same time.</summary>
    [Alias("Check"), ReadOnly] Task<IReadOnlyList<PartHealth>> CheckAsync();
}

/// <summary>How a part is.</summary>
[GenerateSerializer, Immutable, Alias("edna.PartHealth")]
public sealed record PartHealth
{
    /// <summary>Which: <c>objects</c>, <c>state</c>, <c>search</c>.</summary>
    [Id(0)] public required string Name { get; init; }

    /// <summary>Whether it answered.</summary>
    [Id(1)] public required bool Healthy { get; init; }
}
