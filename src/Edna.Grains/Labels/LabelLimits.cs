namespace Edna.Labels;

/// <summary>The limits of labels.</summary>
public static class LabelLimits
{
    /// <summary>Annotations in a document.</summary>
    public const int Annotations = 10_000;

    /// <summary>Different classes in a document.</summary>
    public const int ClassesInDocument = 200;

    /// <summary>Classes in a schema.</summary>
    public const int ClassesInSchema = 1_000;

    /// <summary>Characters in a name: of a class, an attribute, a source, an annotation's id.</summary>
    public const int Name = 128;

    /// <summary>Numbers in the geometry of one annotation: points, or runs of a mask.</summary>
    public const int Geometry = 100_000;

    /// <summary>Characters in a text or a comment.</summary>
    public const int Text = 4_096;
}
