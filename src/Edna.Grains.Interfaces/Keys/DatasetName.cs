namespace Edna.Keys;

/// <summary>The form of a dataset's name: <c>[a-z0-9][a-z0-9-]{1,62}</c>, so that it can stand in keys and addresses as it is.</summary>
public static class DatasetName
{
    /// <summary>What a name must look like, for messages.</summary>
    public const string Rule = "must be 2 to 63 characters of a-z, 0-9 and '-', starting with a letter or digit";

    /// <summary>Whether a text is a name.</summary>
    /// <param name="text">The text.</param>
    public static bool IsValid(string? text)
    {
        if (text is not { Length: >= 2 and <= 63 } || text[0] == '-') return false;
        foreach (var c in text)
            if (!(char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')) return false;
        return true;
    }
}
