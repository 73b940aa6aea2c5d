namespace Edna.Search;

/// <summary>How much a query may ask for.</summary>
public static class QueryLimits
{
    /// <summary>Characters (UTF-16 units, as columns are counted).</summary>
    public const int Length = 1_024;

    /// <summary>Words, phrases and fields.</summary>
    public const int Terms = 128;

    /// <summary>Parentheses in parentheses.</summary>
    public const int Depth = 16;

    /// <summary>The largest size that can be written, in bytes.</summary>
    public const long Size = 1_000_000_000_000_000_000;

    /// <summary>The last year that can be written.</summary>
    public const int Year = 9_998;
}
