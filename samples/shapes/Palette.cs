namespace Edna.Samples;

/// <summary>The colours that the sample set is drawn in.</summary>
public static class Palette
{
    /// <summary>The colours of shapes by name.</summary>
    public static IReadOnlyDictionary<string, (byte Red, byte Green, byte Blue)> Colors { get; } =
        new Dictionary<string, (byte, byte, byte)>
        {
            ["red"] = (214, 48, 49),
            ["green"] = (39, 174, 96),
            ["blue"] = (41, 98, 255),
            ["yellow"] = (247, 202, 24),
        };

    /// <summary>The backgrounds by name: the colour at the top left and the one at the bottom right.</summary>
    public static IReadOnlyDictionary<string, ((byte Red, byte Green, byte Blue) From, (byte Red, byte Green, byte Blue) To)> Backgrounds { get; } =
        new Dictionary<string, ((byte, byte, byte), (byte, byte, byte))>
        {
            ["light"] = ((250, 250, 247), (214, 220, 228)),
            ["dark"] = ((24, 28, 36), (58, 66, 82)),
            ["sand"] = ((236, 222, 190), (196, 174, 132)),
        };
}
