namespace Edna.Search;

/// <summary>A piece of a query's text.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Column">Where it starts; 1 is the first character.</param>
/// <param name="Text">The word, the phrase, or the field's value, without quotes, escapes and the star at the end.</param>
/// <param name="IsPrefix">Whether a star stood at the end.</param>
/// <param name="Name">The field's name in small letters.</param>
/// <param name="Key">The key, of a field that has one.</param>
/// <param name="ValueColumn">Where the field's value starts.</param>
internal readonly record struct QueryToken(
    QueryTokenKind Kind, int Column, string Text = "", bool IsPrefix = false, string Name = "", string Key = "", int ValueColumn = 0);

/// <summary>What a piece of a query's text is.</summary>
internal enum QueryTokenKind
{
    End,
    Word,
    Field,
    Open,
    Close,
    And,
    Or,
    Minus,
}
