using Edna.Client;
using Edna.Samples;

namespace Edna.Demo;

/// <summary>The demo's dataset: what its items may be labelled with.</summary>
internal static class DemoDataset
{
    /// <summary>The number of different classes on each image of the set, summed over the images: what facets on labels add up to.</summary>
    public static long LabelledClasses { get; } = ShapesSet.Plan().Sum(i => (long)i.Shapes.DistinctBy(s => s.Class).Count());

    /// <summary>The request that makes it.</summary>
    /// <param name="name">Its name.</param>
    public static CreateDataset Request(string name) => new()
    {
        Name = name,
        Description = "Circles, squares and triangles, drawn by samples/shapes.",
        Splits = ["train", "val", "test"],
        LabelSchema = new LabelSchema { Classes = [Class("circle", "#d63031"), Class("square", "#2962ff"), Class("triangle", "#27ae60")] },
    };

    private static LabelClass Class(string name, string color) => new()
    {
        Name = name, Color = color, Kinds = [AnnotationKinds.Bbox],
        Attributes = [new LabelAttribute { Name = "color", Type = "enum", Values = [.. Palette.Colors.Keys], Required = true }],
    };
}
