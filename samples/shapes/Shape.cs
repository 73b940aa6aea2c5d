namespace Edna.Samples;

/// <summary>What a shape is.</summary>
public enum ShapeKind
{
    /// <summary>A disc.</summary>
    Circle,

    /// <summary>An upright square.</summary>
    Square,

    /// <summary>A triangle that stands on its base.</summary>
    Triangle,
}

/// <summary>A coloured shape at a place. Lengths are whole pixels, the origin at the top left.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Color">The name of its colour, one of <see cref="Palette.Colors"/>.</param>
/// <param name="X">The left edge of its bounding box.</param>
/// <param name="Y">The top edge of its bounding box.</param>
/// <param name="Size">Width and height of its bounding box.</param>
public sealed record Shape(ShapeKind Kind, string Color, int X, int Y, int Size)
{
    /// <summary>The class that the shape is labelled with: <c>circle</c>, <c>square</c> or <c>triangle</c>.</summary>
    public string Class => Kind switch
    {
        ShapeKind.Circle => "circle",
        ShapeKind.Square => "square",
        _ => "triangle",
    };

    /// <summary>Whether a point lies in the shape. Whole-number arithmetic, so every machine draws the same pixels.</summary>
    /// <param name="x">The pixel's column.</param>
    /// <param name="y">The pixel's row.</param>
    public bool Covers(int x, int y)
    {
        var (dx, dy) = (x - X, y - Y);
        if (dx < 0 || dy < 0 || dx >= Size || dy >= Size) return false;
        return Kind switch
        {
            ShapeKind.Square => true,
            ShapeKind.Circle => Square((2 * dx) + 1 - Size) + Square((2 * dy) + 1 - Size) <= Square(Size),
            _ => Math.Abs((2 * dx) + 1 - Size) <= dy + 1,
        };
    }

    private static int Square(int value) => value * value;
}
