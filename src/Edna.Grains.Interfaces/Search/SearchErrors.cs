using Edna.Results;

namespace Edna.Search;

/// <summary>Problems of a search.</summary>
public static class SearchErrors
{
    /// <summary><c>search.query_invalid</c>: the query's text cannot be read.</summary>
    /// <param name="column">Where: 1 is the first character, counted in UTF-16 units.</param>
    /// <param name="message">What is wrong and what to write instead.</param>
    public static Problem QueryInvalid(int column, string message) => new()
    {
        Code = "search.query_invalid", Status = 400, Title = "The query cannot be read.", Detail = $"Column {column}: {message}.",
        Errors = new Dictionary<string, string[]> { ["query"] = [$"column {column}: {message}"] },
    };
}
