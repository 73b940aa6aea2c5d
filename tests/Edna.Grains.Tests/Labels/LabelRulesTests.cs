using Edna.Items;
using Edna.Json;
using Edna.Labels;
using Xunit;

namespace Edna.Grains.Tests.Labels;

public sealed class LabelRulesTests
{
    private static readonly AnnotationSource Ann = new() { Kind = "human", Name = "ann" };

    private static readonly LabelSchema Schema = new()
    {
        Classes =
        [
            new() { Name = "cat", Kinds = [AnnotationKind.Bbox], Attributes = [new() { Name = "pose", Type = "enum", Values = ["sits", "runs"], Required = true }] },
            new() { Name = "scene" },
        ],
    };

    private static readonly Annotation Cat = new()
    {
        Kind = AnnotationKind.Bbox, Class = "cat", Bbox = [1, 2, 3, 4], Source = Ann,
        Attributes = new Dictionary<string, JsonText> { ["pose"] = new("\"sits\"") },
    };

    private static readonly Annotation Scene = new() { Kind = AnnotationKind.Classification, Class = "scene", Source = Ann };

    private static string[] FieldsAtFault(LabelSchema? schema, params Annotation[] annotations)
    {
        var errors = new FieldErrors();
        LabelRules.Check(new() { Annotations = annotations }, schema, errors);
        return [.. errors.ToDictionary().Keys.Order(StringComparer.Ordinal)];
    }

    [Fact]
    public void What_the_schema_allows_is_fine() => Assert.Empty(FieldsAtFault(Schema, Cat, Scene));

    [Fact]
    public void Every_fault_is_named_at_once() => Assert.Equal(
        ["annotations[0].attributes.pose", "annotations[1].class", "annotations[2].kind", "annotations[3].bbox", "annotations[4].source"],
        FieldsAtFault(Schema,
            Cat with { Attributes = new Dictionary<string, JsonText> { ["pose"] = new("\"flies\"") } },
            Scene with { Class = "dog" },
            new() { Kind = AnnotationKind.Classification, Class = "cat", Source = Ann, Attributes = Cat.Attributes },
            Cat with { Bbox = [1, 2, 0, 4] },
            Scene with { Source = null }));

    [Fact]
    public void A_required_attribute_must_be_there() => Assert.Equal(["annotations[0].attributes.pose"], FieldsAtFault(Schema, Cat with { Attributes = null }));

    [Fact]
    public void An_attribute_outside_the_schema_is_refused() =>
        Assert.Equal(["annotations[0].attributes.x"], FieldsAtFault(Schema, Scene with { Attributes = new Dictionary<string, JsonText> { ["x"] = new("1") } }));

    [Fact]
    public void An_open_schema_and_no_schema_take_other_classes()
    {
        Assert.Empty(FieldsAtFault(Schema with { Open = true }, Scene with { Class = "dog" }));
        Assert.Empty(FieldsAtFault(null, Scene with { Class = "dog" }));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_box_is_four_finite_numbers(double bad)
    {
        Assert.Equal(["annotations[0].bbox"], FieldsAtFault(Schema, Cat with { Bbox = [1, 2, 3, bad] }));
        Assert.Equal(["annotations[0].bbox"], FieldsAtFault(Schema, Cat with { Bbox = [1, 2, 3] }));
        Assert.Equal(["annotations[0].bbox"], FieldsAtFault(Schema, Cat with { Bbox = null }));
    }

    [Fact]
    public void Each_kind_has_its_own_geometry_and_no_other()
    {
        Annotation Of(AnnotationKind kind) => new() { Kind = kind, Class = "x", Source = Ann };
        Assert.Empty(FieldsAtFault(null, Of(AnnotationKind.Polygon) with { Points = [[0, 0], [1, 0], [0, 1]] }));
        Assert.Equal(["annotations[0].points"], FieldsAtFault(null, Of(AnnotationKind.Polygon) with { Points = [[0, 0], [1, 0]] }));
        Assert.Empty(FieldsAtFault(null, Of(AnnotationKind.Keypoints) with { Points = [[0, 0]], Visibility = [2] }));
        Assert.Equal(["annotations[0].visibility"], FieldsAtFault(null, Of(AnnotationKind.Keypoints) with { Points = [[0, 0]], Visibility = [2, 1] }));
        Assert.Empty(FieldsAtFault(null, Of(AnnotationKind.Mask) with { Rle = new() { Size = [2, 3], Counts = [4, 2] } }));
        Assert.Equal(["annotations[0].rle.counts"], FieldsAtFault(null, Of(AnnotationKind.Mask) with { Rle = new() { Size = [2, 3], Counts = [4, 1] } }));
        Assert.Empty(FieldsAtFault(null, Of(AnnotationKind.Span) with { Start = 0, End = 4, Text = "word" }));
        Assert.Equal(["annotations[0].end"], FieldsAtFault(null, Of(AnnotationKind.Segment) with { Start = 2, End = 2 }));
        Assert.Equal(["annotations[0].bbox"], FieldsAtFault(null, Of(AnnotationKind.Classification) with { Bbox = [0, 0, 1, 1] }));
    }

    [Fact]
    public void Limits_hold_at_their_edge()
    {
        Assert.Empty(FieldsAtFault(null, [.. Enumerable.Repeat(Scene, 10_000)]));
        Assert.Equal(["annotations"], FieldsAtFault(null, [.. Enumerable.Repeat(Scene, 10_001)]));
        Assert.Empty(FieldsAtFault(null, [.. Enumerable.Range(0, 200).Select(i => Scene with { Class = $"c{i}" })]));
        Assert.Equal(["annotations"], FieldsAtFault(null, [.. Enumerable.Range(0, 201).Select(i => Scene with { Class = $"c{i}" })]));
        Assert.Equal(["annotations[1].id"], FieldsAtFault(null, Scene with { Id = "1" }, Scene with { Id = "1" }));
    }

    [Fact]
    public void A_schema_with_faults_names_them_all()
    {
        var errors = new FieldErrors();
        LabelSchemaRules.Check(new()
        {
            Classes = [new() { Name = "" }, new() { Name = "a", Color = "red" }, new() { Name = "a", Attributes = [new() { Name = "x", Type = "enum" }] }],
        }, errors);
        Assert.Equal(
            ["labelSchema.classes[0].name", "labelSchema.classes[1].color", "labelSchema.classes[2].attributes[0].values", "labelSchema.classes[2].name"],
            errors.ToDictionary().Keys.Order(StringComparer.Ordinal));
    }
}
