using Edna.Items;

namespace Edna.Labels;

/// <summary>Whether an annotation has the geometry of its kind, and no other.</summary>
public static class AnnotationGeometry
{
    /// <summary>Checks the geometry.</summary>
    /// <param name="a">The annotation.</param>
    /// <param name="kind">Its kind.</param>
    /// <param name="at">Where it stands.</param>
    /// <param name="errors">Takes the faults.</param>
    public static void Check(Annotation a, AnnotationKind kind, string at, FieldErrors errors)
    {
        Only(a.Bbox, kind is AnnotationKind.Bbox, $"{at}.bbox", kind, errors);
        Only(a.Points, kind is AnnotationKind.Polygon or AnnotationKind.Polyline or AnnotationKind.Keypoints, $"{at}.points", kind, errors);
        Only(a.Visibility, kind is AnnotationKind.Keypoints, $"{at}.visibility", kind, errors, required: false);
        Only(a.Rle, kind is AnnotationKind.Mask, $"{at}.rle", kind, errors);
        Only(a.Start, kind is AnnotationKind.Span or AnnotationKind.Segment, $"{at}.start", kind, errors);
        Only(a.End, kind is AnnotationKind.Span or AnnotationKind.Segment, $"{at}.end", kind, errors);
        Only(a.Text, kind is AnnotationKind.Span, $"{at}.text", kind, errors, required: false);
        if (kind == AnnotationKind.Bbox && a.Bbox is { } box) CheckBox(box, $"{at}.bbox", errors);
        if (a.Points is { } points) CheckPoints(points, kind, $"{at}.points", errors);
        if (a.Visibility is { } visibility) CheckVisibility(visibility, a.Points?.Count, $"{at}.visibility", errors);
        if (a.Rle is { } rle) CheckMask(rle, $"{at}.rle", errors);
        if (a.Start is { } start && a.End is { } end) CheckStretch(start, end, kind, at, errors);
        errors.Require(a.Text is null || a.Text.Length <= LabelLimits.Text, $"{at}.text", $"must be at most {LabelLimits.Text} characters");
    }

    private static void Only<T>(T? value, bool belongs, string field, AnnotationKind kind, FieldErrors errors, bool required = true)
    {
        if (belongs && required) errors.Require(value is not null, field, $"is required for {LabelSchemaRules.NameOf(kind)}");
        if (!belongs) errors.Require(value is null, field, $"does not belong to {LabelSchemaRules.NameOf(kind)}");
    }

    private static void CheckBox(IReadOnlyList<double> box, string at, FieldErrors errors)
    {
        if (box.Count != 4 || !box.All(double.IsFinite)) errors.Add(at, "must be four finite numbers: x, y, width, height");
        else errors.Require(box[2] > 0 && box[3] > 0, at, "width and height must be above 0");
    }

    private static void CheckPoints(IReadOnlyList<IReadOnlyList<double>> points, AnnotationKind kind, string at, FieldErrors errors)
    {
        var least = kind switch { AnnotationKind.Polygon => 3, AnnotationKind.Polyline => 2, _ => 1 };
        errors.Require(points.Count >= least && points.Count <= LabelLimits.Geometry, at, $"must be {least} to {LabelLimits.Geometry} points");
        errors.Require(points.All(p => p is { Count: 2 } && p.All(double.IsFinite)), at, "every point must be two finite numbers: x, y");
    }

    private static void CheckVisibility(IReadOnlyList<int> visibility, int? points, string at, FieldErrors errors)
    {
        errors.Require(visibility.Count == points, at, "must have one number for each point");
        errors.Require(visibility.All(v => v is 0 or 1 or 2), at, "must be 0 (not labelled), 1 (hidden) or 2 (visible)");
    }

    private static void CheckMask(RunLengths rle, string at, FieldErrors errors)
    {
        if (rle.Size is not { Count: 2 } size || size.Any(s => s <= 0)) errors.Add($"{at}.size", "must be height and width, both above 0");
        else if (rle.Counts is not { Count: > 0 and <= LabelLimits.Geometry } counts || counts.Any(c => c < 0))
            errors.Add($"{at}.counts", $"must be 1 to {LabelLimits.Geometry} run lengths, none below 0");
        else
            errors.Require(counts.Sum(c => (long)c) == (long)size[0] * size[1], $"{at}.counts", $"must add up to height × width, {(long)size[0] * size[1]}");
    }

    private static void CheckStretch(double start, double end, AnnotationKind kind, string at, FieldErrors errors)
    {
        var whole = kind != AnnotationKind.Span || (double.IsInteger(start) && double.IsInteger(end));
        errors.Require(double.IsFinite(start) && double.IsFinite(end) && start >= 0 && whole, $"{at}.start",
            kind == AnnotationKind.Span ? "must be a whole number of characters from 0" : "must be seconds from 0");
        errors.Require(end > start, $"{at}.end", "must be after the start");
    }
}
