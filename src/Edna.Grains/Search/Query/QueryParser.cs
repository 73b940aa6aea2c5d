using Edna.Results;

namespace Edna.Search;

/// <summary>
/// Reads a query: words and "phrases" next to each other or joined by <c>AND</c>, <c>OR</c> between them (which binds less),
/// <c>-</c> before what must not hold, parentheses, <c>field:value</c>, and a <c>*</c> at the end of a word or value that is only the
/// beginning. What has no letter and no digit asks for nothing beside other words, and alone finds nothing.
/// </summary>
public sealed class QueryParser
{
    private readonly QueryLexer _lexer;
    private QueryToken _token;
    private QueryFault? _fault;
    private int _depth;
    private int _terms;

    private QueryParser(string text)
    {
        _lexer = new(text);
        _token = _lexer.Next();
    }

    /// <summary>The tree of a text. Errors: <c>search.query_invalid</c>.</summary>
    /// <param name="text">Any text; null or blank for <see cref="QueryNode.Everything"/>.</param>
    public static Result<QueryNode> Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return QueryNode.Everything;
        if (text.Length > QueryLimits.Length)
            return SearchErrors.QueryInvalid(QueryLimits.Length + 1, $"a query has at most {QueryLimits.Length} characters");
        var parser = new QueryParser(text);
        if (parser is { _token.Kind: QueryTokenKind.End, _lexer.Fault: null }) return QueryNode.Everything;
        var tree = parser.ReadAny();
        if (parser._token.Kind == QueryTokenKind.Close) parser.Fail(parser._token.Column, "this ')' closes nothing; put it in quotes if it is meant as text");
        if ((parser._fault ?? parser._lexer.Fault) is { } fault) return SearchErrors.QueryInvalid(fault.Column, fault.Message);
        return tree ?? QueryNode.Nothing;
    }

    /// <summary>Parts with OR between; null when there is nothing in them to look for.</summary>
    private QueryNode? ReadAny()
    {
        var parts = new List<QueryNode?> { ReadAll() };
        while (_fault is null && _token.Kind == QueryTokenKind.Or)
        {
            SkipOperator();
            parts.Add(ReadAll());
        }
        return parts.OfType<QueryNode>().ToList() is { Count: > 0 } asked ? AnyOf.Of(asked) : null;
    }

    private QueryNode? ReadAll()
    {
        var parts = new List<QueryNode?> { ReadPart() };
        while (_fault is null && _token.Kind is not (QueryTokenKind.Or or QueryTokenKind.Close or QueryTokenKind.End))
        {
            if (_token.Kind == QueryTokenKind.And) SkipOperator();
            parts.Add(ReadPart());
        }
        return parts.OfType<QueryNode>().ToList() is { Count: > 0 } asked ? AllOf.Of(asked) : null;
    }

    private QueryNode? ReadPart()
    {
        var token = _token;
        switch (token.Kind)
        {
            case QueryTokenKind.Minus:
                _token = _lexer.Next();
                return ReadPart() is { } part ? new Not(part) : null;
            case QueryTokenKind.Open:
                return ReadGroup(token.Column);
            case QueryTokenKind.Word or QueryTokenKind.Field:
                _token = _lexer.Next();
                return ReadTerm(token);
            case QueryTokenKind.And or QueryTokenKind.Or:
                return Fail(token.Column, "AND and OR stand between two parts; write them small, or in quotes, to search for the words");
            default:
                return Fail(token.Column, "something must stand here");
        }
    }

    private QueryNode? ReadGroup(int column)
    {
        if (++_depth > QueryLimits.Depth) return Fail(column, $"parentheses stand in each other at most {QueryLimits.Depth} deep");
        _token = _lexer.Next();
        if (_token.Kind == QueryTokenKind.Close) return Fail(column, "there is nothing in these parentheses");
        var group = ReadAny();
        if (_token.Kind != QueryTokenKind.Close) return Fail(column, "this '(' is not closed; put it in quotes if it is meant as text");
        _token = _lexer.Next();
        _depth--;
        return group;
    }

    private QueryNode? ReadTerm(in QueryToken token)
    {
        if (++_terms > QueryLimits.Terms) return Fail(token.Column, $"a query has at most {QueryLimits.Terms} words, phrases and fields");
        if (token.Kind == QueryTokenKind.Word)
            return SearchWords.Of(token.Text) is { Length: > 0 } words ? new Words(words, token.IsPrefix) : null;
        var (node, fault) = QueryFields.Read(token);
        return fault is null ? node : Fail(fault.Column, fault.Message);
    }

    private void SkipOperator()
    {
        var column = _token.Column;
        _token = _lexer.Next();
        if (_token.Kind is QueryTokenKind.End or QueryTokenKind.Close)
            Fail(column, "AND and OR stand between two parts; write them small, or in quotes, to search for the words");
    }

    /// <summary>Notes the first fault; what the text has there comes before what is missing after it.</summary>
    private QueryNode? Fail(int column, string message)
    {
        _fault ??= _lexer.Fault ?? new(column, message);
        return null;
    }
}
