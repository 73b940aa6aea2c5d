namespace Edna.Client;

/// <summary>The media type of a file by its name, for the kinds of file that training data is made of.</summary>
public static class MediaTypes
{
    /// <summary>What a name that says nothing stands for.</summary>
    public const string Unknown = MediaTypeTable.Unknown;

    /// <summary>The media type of a file.</summary>
    /// <param name="name">Its name or path.</param>
    public static string Of(string name) => MediaTypeTable.Of(name);
}
