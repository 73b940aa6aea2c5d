namespace Edna.Search.Sqlite;

/// <summary>
/// Writes what FTS5 is asked. All the text that ever gets in are words of letters and digits, in quotes, and tokens of
/// <see cref="SearchToken"/>.
/// </summary>
internal static class WordMatch
{
    private static readonly string[] s_columns = ["path", "metadata", "labels"];

    /// <summary>Words one after the other in one of the texts.</summary>
    /// <param name="spelt">The words as <see cref="SearchWords"/> spells them.</param>
    /// <param name="isPrefix">Whether the last one is only the beginning of a word.</param>
    /// <param name="columns">The texts.</param>
    public static string Of(IEnumerable<string> spelt, bool isPrefix, IEnumerable<WordColumn> columns) =>
        $"{{{string.Join(' ', columns.Select(column => s_columns[(int)column]))}}} : \"{string.Join(' ', spelt)}\"{(isPrefix ? " *" : "")}";

    /// <summary>A token that stands for a value.</summary>
    public static string OfToken(string token) => $"tokens : {token}";
}
