using System.Text.Json.Serialization;
using Edna.Json;

namespace Edna.Labels;

/// <summary>What an annotation is. The names are stored: never rename.</summary>
[GenerateSerializer, Alias("edna.AnnotationKind"), JsonConverter(typeof(JsonStringEnumConverter<AnnotationKind>))]
public enum AnnotationKind
{
    /// <summary>The whole item is of a class.</summary>
    [JsonStringEnumMemberName("classification")] Classification = 0,

    /// <summary>An axis-parallel box.</summary>
    [JsonStringEnumMemberName("bbox")] Bbox = 1,

    /// <summary>A closed outline, at least three points.</summary>
    [JsonStringEnumMemberName("polygon")] Polygon = 2,

    /// <summary>An open line, at least two points.</summary>
    [JsonStringEnumMemberName("polyline")] Polyline = 3,

    /// <summary>Named places, each with its visibility.</summary>
    [JsonStringEnumMemberName("keypoints")] Keypoints = 4,

    /// <summary>A set of pixels, run-length encoded.</summary>
    [JsonStringEnumMemberName("mask")] Mask = 5,

    /// <summary>A stretch of text.</summary>
    [JsonStringEnumMemberName("span")] Span = 6,

    /// <summary>A stretch of time.</summary>
    [JsonStringEnumMemberName("segment")] Segment = 7,
}

/// <summary>One annotation. Geometry is in pixels, the origin at the top left.</summary>
[GenerateSerializer, Immutable, Alias("edna.Annotation"), JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record Annotation
{
    /// <summary>An id of the client's, unique in the document, at most 128 characters.</summary>
    [Id(0), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Id { get; init; }

    /// <summary>What it is.</summary>
    [Id(1)] public AnnotationKind? Kind { get; init; }

    /// <summary>Its class.</summary>
    [Id(2)] public string? Class { get; init; }

    /// <summary>Of a <c>bbox</c>: x, y, width, height; width and height above 0.</summary>
    [Id(3), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public IReadOnlyList<double>? Bbox { get; init; }

    /// <summary>Of a <c>polygon</c>, <c>polyline</c> or <c>keypoints</c>: pairs of x and y.</summary>
    [Id(4), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public IReadOnlyList<IReadOnlyList<double>>? Points { get; init; }

    /// <summary>Of <c>keypoints</c>, one a point: 0 not labelled, 1 hidden, 2 visible (COCO).</summary>
    [Id(5), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public IReadOnlyList<int>? Visibility { get; init; }

    /// <summary>Of a <c>mask</c>.</summary>
    [Id(6), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public RunLengths? Rle { get; init; }

    /// <summary>Of a <c>span</c> (characters) or a <c>segment</c> (seconds): where it starts.</summary>
    [Id(7), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public double? Start { get; init; }

    /// <summary>Where it ends, after the start.</summary>
    [Id(8), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public double? End { get; init; }

    /// <summary>Of a <c>span</c>: the text itself.</summary>
    [Id(9), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Text { get; init; }

    /// <summary>Attributes by name; strings, numbers and booleans.</summary>
    [Id(10), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public IReadOnlyDictionary<string, JsonText>? Attributes { get; init; }

    /// <summary>Who or what made it.</summary>
    [Id(11)] public AnnotationSource? Source { get; init; }
}

/// <summary>A mask's runs, column by column, background first (COCO's uncompressed RLE).</summary>
[GenerateSerializer, Immutable, Alias("edna.RunLengths"), JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record RunLengths
{
    /// <summary>Height and width, in pixels.</summary>
    [Id(0)] public IReadOnlyList<int>? Size { get; init; }

    /// <summary>Run lengths; their sum is height × width.</summary>
    [Id(1)] public IReadOnlyList<int>? Counts { get; init; }
}

/// <summary>Who or what made an annotation.</summary>
[GenerateSerializer, Immutable, Alias("edna.AnnotationSource"), JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record AnnotationSource
{
    /// <summary><c>human</c>, <c>model</c> or <c>import</c>.</summary>
    [Id(0)] public string? Kind { get; init; }

    /// <summary>The person, the model or the file.</summary>
    [Id(1)] public string? Name { get; init; }

    /// <summary>The model's version.</summary>
    [Id(2), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Version { get; init; }

    /// <summary>The model's confidence, 0–1.</summary>
    [Id(3), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public double? Confidence { get; init; }
}
