namespace Edna.Client;

/// <summary>What a dataset's annotations may be made of.</summary>
public sealed record LabelSchema
{
    /// <summary>The classes, each name once.</summary>
    public IReadOnlyList<LabelClass> Classes { get; init; } = [];

    /// <summary>True allows classes beside those listed.</summary>
    public bool Open { get; init; }
}

/// <summary>A class that annotations may have.</summary>
public sealed record LabelClass
{
    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary>A colour for showing it, <c>#rrggbb</c>.</summary>
    public string? Color { get; init; }

    /// <summary>The kinds of annotation it may have (<see cref="AnnotationKinds"/>); null allows every kind.</summary>
    public IReadOnlyList<string>? Kinds { get; init; }

    /// <summary>The attributes it may have; null allows none.</summary>
    public IReadOnlyList<LabelAttribute>? Attributes { get; init; }
}

/// <summary>An attribute of a class.</summary>
public sealed record LabelAttribute
{
    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary><c>string</c>, <c>number</c>, <c>boolean</c> or <c>enum</c>.</summary>
    public required string Type { get; init; }

    /// <summary>What an <c>enum</c> may be.</summary>
    public IReadOnlyList<string>? Values { get; init; }

    /// <summary>Whether every annotation of the class must have it.</summary>
    public bool Required { get; init; }
}
