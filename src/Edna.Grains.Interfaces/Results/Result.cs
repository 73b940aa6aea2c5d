using System.Diagnostics.CodeAnalysis;

namespace Edna.Results;

/// <summary>Either a value or the <see cref="Problem"/> that explains why there is none.</summary>
/// <typeparam name="T">The value's type.</typeparam>
[GenerateSerializer, Immutable, Alias("edna.Result`1")]
public sealed record Result<T>
{
    /// <summary>The value; set exactly when <see cref="Problem"/> is null.</summary>
    [Id(0)] public T? Value { get; init; }

    /// <summary>The failure; null on success.</summary>
    [Id(1)] public Problem? Problem { get; init; }

    /// <summary>Whether there is a value.</summary>
    /// <param name="value">The value on success.</param>
    /// <param name="problem">The failure otherwise.</param>
    public bool TryGet([NotNullWhen(true)] out T? value, [NotNullWhen(false)] out Problem? problem)
    {
        (value, problem) = (Value, Problem);
        return problem is null;
    }

    /// <summary>A success.</summary>
    public static implicit operator Result<T>(T value) => new() { Value = value };

    /// <summary>A failure.</summary>
    public static implicit operator Result<T>(Problem problem) => new() { Problem = problem };
}

/// <summary>The value of an operation that has nothing to return but that it is done.</summary>
[GenerateSerializer, Immutable, Alias("edna.Done")]
public sealed record Done
{
    /// <summary>The one value.</summary>
    public static Done Instance { get; } = new();
}
