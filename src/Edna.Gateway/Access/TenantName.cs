namespace Edna.Access;

/// <summary>The form of a tenant's name: 1–63 of <c>a-z</c>, <c>0-9</c>, <c>-</c> and <c>_</c>, starting with a letter or digit, so that it can stand in keys as it is.</summary>
internal static class TenantName
{
    /// <summary>Whether a text is a tenant's name.</summary>
    public static bool IsValid(string? text)
    {
        if (text is not { Length: >= 1 and <= 63 } || !char.IsAsciiLetterOrDigit(text[0])) return false;
        foreach (var c in text)
            if (!(char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_')) return false;
        return true;
    }
}
