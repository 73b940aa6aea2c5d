namespace Edna.Search;

/// <summary>Where and why a query cannot be read.</summary>
/// <param name="Column">Where: 1 is the first character, counted in UTF-16 units; always inside the text.</param>
/// <param name="Message">What is wrong and what to write instead.</param>
internal sealed record QueryFault(int Column, string Message);
