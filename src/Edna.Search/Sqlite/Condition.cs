using Edna.Items;

namespace Edna.Search.Sqlite;

/// <summary>What a part of a query comes to: something that the inverted index can be asked, or something to look at in each document.</summary>
internal abstract record Condition;

/// <summary>An expression of FTS5.</summary>
/// <param name="Expression">What is asked; null for what no document meets.</param>
/// <param name="IsNegated">Whether it holds of all documents but those.</param>
/// <param name="Depth">How deep its parentheses stand in each other.</param>
internal sealed record InIndex(string? Expression, bool IsNegated = false, int Depth = 0) : Condition
{
    public bool IsNothing => Expression is null && !IsNegated;

    public bool IsEverything => Expression is null && IsNegated;
}

/// <summary>A look at a document that the inverted index found.</summary>
/// <param name="Holds">The look. Documents come in the order of their ids.</param>
internal sealed record OfRow(RowCheck Holds) : Condition;

/// <summary>Whether a document meets a condition.</summary>
internal delegate bool RowCheck(in HitRow row);

/// <summary>A document that the inverted index found.</summary>
internal readonly ref struct HitRow
{
    public required long Id { get; init; }

    public required ItemStatus Status { get; init; }

    public required long Size { get; init; }

    /// <summary>.NET ticks, UTC.</summary>
    public required long UpdatedAt { get; init; }

    /// <summary>Its values, as <see cref="DocumentTerms"/> packs them.</summary>
    public required ReadOnlySpan<byte> Terms { get; init; }
}
