namespace Edna.Search;

/// <summary>
/// The indexes that must have a row before it is clean. The item table notes them, and takes a row for clean only from who pushed to the
/// ones that are noted at that moment: so a silo that has not heard of the second one makes no row clean that is missing there.
/// </summary>
/// <param name="Serving">The generation of the one in use.</param>
/// <param name="Next">The generation of the one that is being filled to take its place; null when none is.</param>
public readonly record struct IndexTargets(string Serving, string? Next)
{
    // No generation has it: they are letters and digits.
    private const char Separator = '>';

    /// <summary>Reads what is noted.</summary>
    public static IndexTargets Read(string noted) =>
        noted.IndexOf(Separator, StringComparison.Ordinal) is >= 0 and var at ? new(noted[..at], noted[(at + 1)..]) : new(noted, null);

    /// <summary>Whether rows that are clean are in this index.</summary>
    public bool Cover(string generation) => generation == Serving || generation == Next;

    /// <summary>What is noted of them.</summary>
    public override string ToString() => Next is null ? Serving : $"{Serving}{Separator}{Next}";
}
