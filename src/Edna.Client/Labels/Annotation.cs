using System.Text.Json;

namespace Edna.Client;

/// <summary>One annotation. Geometry is in pixels, the origin at the top left.</summary>
public sealed record Annotation
{
    /// <summary>An id of the client's, unique in the document.</summary>
    public string? Id { get; init; }

    /// <summary>What it is, one of <see cref="AnnotationKinds"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>Its class.</summary>
    public required string Class { get; init; }

    /// <summary>Of a <c>bbox</c>: x, y, width, height.</summary>
    public IReadOnlyList<double>? Bbox { get; init; }

    /// <summary>Of a <c>polygon</c>, <c>polyline</c> or <c>keypoints</c>: pairs of x and y.</summary>
    public IReadOnlyList<IReadOnlyList<double>>? Points { get; init; }

    /// <summary>Of <c>keypoints</c>, one a point: 0, 1 or 2 as in COCO.</summary>
    public IReadOnlyList<int>? Visibility { get; init; }

    /// <summary>Of a <c>mask</c>.</summary>
    public RunLengths? Rle { get; init; }

    /// <summary>Of a <c>span</c> (characters) or a <c>segment</c> (seconds): where it starts.</summary>
    public double? Start { get; init; }

    /// <summary>Where it ends.</summary>
    public double? End { get; init; }

    /// <summary>Of a <c>span</c>: the text itself.</summary>
    public string? Text { get; init; }

    /// <summary>Attributes by name.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Attributes { get; init; }

    /// <summary>Who or what made it.</summary>
    public required AnnotationSource Source { get; init; }
}

/// <summary>A mask's runs, column by column, background first.</summary>
/// <param name="Size">Height and width, in pixels.</param>
/// <param name="Counts">Run lengths; their sum is height × width.</param>
public sealed record RunLengths(IReadOnlyList<int> Size, IReadOnlyList<int> Counts);

/// <summary>Who or what made an annotation.</summary>
public sealed record AnnotationSource
{
    /// <summary><c>human</c>, <c>model</c> or <c>import</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The person, the model or the file.</summary>
    public required string Name { get; init; }

    /// <summary>The model's version.</summary>
    public string? Version { get; init; }

    /// <summary>The model's confidence, 0–1.</summary>
    public double? Confidence { get; init; }
}

/// <summary>The kinds of annotation.</summary>
public static class AnnotationKinds
{
    /// <summary>The whole item is of a class.</summary>
    public const string Classification = "classification";

    /// <summary>An axis-parallel box.</summary>
    public const string Bbox = "bbox";
}
