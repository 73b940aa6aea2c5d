namespace Edna.Samples;

/// <summary>One image of the set: what is on it, and how it is filed.</summary>
public sealed record ShapesImage
{
    /// <summary>Its path in the set, <c>train/circle/000001.png</c>.</summary>
    public required string Path { get; init; }

    /// <summary><c>train</c>, <c>val</c> or <c>test</c>.</summary>
    public required string Split { get; init; }

    /// <summary>The name of its background, one of <see cref="Palette.Backgrounds"/>.</summary>
    public required string Background { get; init; }

    /// <summary>Width in pixels.</summary>
    public required int Width { get; init; }

    /// <summary>Height in pixels.</summary>
    public required int Height { get; init; }

    /// <summary>Its shapes; a later one covers an earlier one. The first names the folder.</summary>
    public required IReadOnlyList<Shape> Shapes { get; init; }

    /// <summary>Whether it is a JPEG; otherwise a PNG.</summary>
    public bool IsJpeg => Path.EndsWith(".jpg", StringComparison.Ordinal);

    /// <summary>Its tags.</summary>
    public IReadOnlyDictionary<string, string> Tags => new Dictionary<string, string>
    {
        ["background"] = Background,
        ["source"] = "shapes",
    };
}
