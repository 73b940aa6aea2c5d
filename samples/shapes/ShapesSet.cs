namespace Edna.Samples;

/// <summary>Thinks a set of images up. The same count and seed think up the same set, anywhere.</summary>
public static class ShapesSet
{
    /// <summary>How many images a set has unless told otherwise.</summary>
    public const int DefaultCount = 300;

    /// <summary>The seed unless told otherwise.</summary>
    public const int DefaultSeed = 1;

    private static readonly string[] Colors = [.. Palette.Colors.Keys.Order(StringComparer.Ordinal)];
    private static readonly string[] Backgrounds = [.. Palette.Backgrounds.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The images of a set. Each is drawn from its own numbers, so a larger set starts with the smaller one.</summary>
    /// <param name="count">How many, 1–1,000,000.</param>
    /// <param name="seed">Another seed is another set.</param>
    public static IEnumerable<ShapesImage> Plan(int count = DefaultCount, int seed = DefaultSeed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, 1_000_000);
        return Enumerable.Range(1, count).Select(number => PlanOne(number, new SeededNumbers(seed, number)));
    }

    private static ShapesImage PlanOne(int number, SeededNumbers numbers)
    {
        var (width, height) = (numbers.Between(96, 160), numbers.Between(96, 160));
        var shapes = Enumerable.Range(0, numbers.Between(1, 3)).Select(_ => PlanShape(numbers, width, height)).ToArray();
        var split = numbers.Between(0, 9) switch { 8 => "val", 9 => "test", _ => "train" };
        var extension = numbers.Between(0, 1) == 0 ? "png" : "jpg";
        return new ShapesImage
        {
            Path = $"{split}/{shapes[0].Class}/{number:D6}.{extension}",
            Split = split,
            Background = Backgrounds[numbers.Between(0, Backgrounds.Length - 1)],
            Width = width,
            Height = height,
            Shapes = shapes,
        };
    }

    private static Shape PlanShape(SeededNumbers numbers, int width, int height)
    {
        var size = numbers.Between(24, 64);
        return new Shape(
            (ShapeKind)numbers.Between(0, 2), Colors[numbers.Between(0, Colors.Length - 1)],
            numbers.Between(0, width - size), numbers.Between(0, height - size), size);
    }
}
