using System.Text.Json.Serialization;

namespace Edna.Labels;

/// <summary>What a dataset's annotations may be made of.</summary>
[GenerateSerializer, Immutable, Alias("edna.LabelSchema"), JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record LabelSchema
{
    /// <summary>The classes, at most 1,000, each name once.</summary>
    [Id(0)] public IReadOnlyList<LabelClass>? Classes { get; init; }

    /// <summary>True allows classes beside those listed.</summary>
    [Id(1)] public bool Open { get; init; }
}

/// <summary>A class that annotations may have.</summary>
[GenerateSerializer, Immutable, Alias("edna.LabelClass"), JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record LabelClass
{
    /// <summary>The name, 1–128 characters.</summary>
    [Id(0)] public string? Name { get; init; }

    /// <summary>A colour for showing it, <c>#rrggbb</c>.</summary>
    [Id(1)] public string? Color { get; init; }

    /// <summary>The kinds of annotation it may have; null or empty allows every kind.</summary>
    [Id(2)] public IReadOnlyList<AnnotationKind>? Kinds { get; init; }

    /// <summary>The attributes it may have; null or empty allows none.</summary>
    [Id(3)] public IReadOnlyList<LabelAttribute>? Attributes { get; init; }
}

/// <summary>An attribute of a class, such as <c>occluded</c>.</summary>
[GenerateSerializer, Immutable, Alias("edna.LabelAttribute"), JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record LabelAttribute
{
    /// <summary>The name, 1–128 characters.</summary>
    [Id(0)] public string? Name { get; init; }

    /// <summary><c>string</c>, <c>number</c>, <c>boolean</c> or <c>enum</c>.</summary>
    [Id(1)] public string? Type { get; init; }

    /// <summary>What an <c>enum</c> may be.</summary>
    [Id(2)] public IReadOnlyList<string>? Values { get; init; }

    /// <summary>Whether every annotation of the class must have it.</summary>
    [Id(3)] public bool Required { get; init; }
}
