using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Edna.Search;

/// <summary>Writes a tree as the text that parses to it.</summary>
internal static class QueryPrinter
{
    private const string Plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./=+-@";

    private static readonly SearchValues<char> s_inKeys = SearchValues.Create(Plain);
    private static readonly SearchValues<char> s_inValues = SearchValues.Create(Plain + ":");

    public static string Print(QueryNode node)
    {
        var text = new StringBuilder();
        // Punctuation alone asks for something, and nothing has it.
        if (node is AnyOf { Parts: [] }) return "!";
        Append(text, node, null);
        return text.ToString();
    }

    /// <summary>Parentheses stand where they must, so that they are never deeper than in the text that the tree was made of.</summary>
    private static void Append(StringBuilder text, QueryNode node, QueryNode? around)
    {
        var parentheses = node switch
        {
            AllOf => around is Not,
            AnyOf => around is Not or AllOf,
            Not => around is Not,
            _ => false,
        };
        if (parentheses) text.Append('(');
        switch (node)
        {
            case AllOf all:
                AppendParts(text, all.Parts, " ", node);
                break;
            case AnyOf any:
                AppendParts(text, any.Parts, " OR ", node);
                break;
            case Not not:
                text.Append('-');
                Append(text, not.Part, node);
                break;
            default:
                text.Append(Leaf(node));
                break;
        }
        if (parentheses) text.Append(')');
    }

    private static void AppendParts(StringBuilder text, ImmutableArray<QueryNode> parts, string between, QueryNode around)
    {
        for (var i = 0; i < parts.Length; i++)
        {
            if (i > 0) text.Append(between);
            Append(text, parts[i], around);
        }
    }

    private static string Leaf(QueryNode node) => node switch
    {
        Words words => (words.In == QueryText.Path ? "path:" : "")
            + (words.Spelt.Length == 1 ? words.Spelt[0] : $"\"{string.Join(' ', words.Spelt)}\"") + (words.IsPrefix ? "*" : ""),
        HasValue value => $"{Name(value)}:{(value.IsPrefix && value.Value.Length == 0 ? "" : Quote(value.Value, s_inValues))}{(value.IsPrefix ? "*" : "")}",
        HasStatus status => "status:" + status.Status.ToString().ToLowerInvariant(),
        SizeWithin size => "size:" + Range(size.Gte, size.Lt, bytes => bytes.ToString(CultureInfo.InvariantCulture)),
        UpdatedWithin updated => "updated:" + Range(updated.Gte?.UtcTicks, updated.Lt?.UtcTicks,
            ticks => new DateTime(ticks, DateTimeKind.Utc).ToString("O", CultureInfo.InvariantCulture)),
        _ => throw new ArgumentException($"{node.GetType().Name} is not a part of a query.", nameof(node)),
    };

    private static string Name(HasValue value) => value.Field switch
    {
        QueryField.Split => "split",
        QueryField.ContentType => "type",
        QueryField.Label => "label",
        QueryField.Tag => "tag." + Quote(value.Key, s_inKeys),
        QueryField.Metadata => "meta." + Quote(value.Key, s_inKeys),
        _ => throw new ArgumentException($"{value.Field} is not a field of a query.", nameof(value)),
    };

    private static string Range(long? gte, long? lt, Func<long, string> print) => (gte, lt) switch
    {
        ({ } least, null) => ">=" + print(least),
        (null, { } below) => "<" + print(below),
        ({ } least, { } below) => $"{print(least)}..{print(below - 1)}",
        _ => throw new ArgumentException("A range has an end at least."),
    };

    private static string Quote(string value, SearchValues<char> plain) => value.Length > 0 && !value.AsSpan().ContainsAnyExcept(plain)
        ? value
        : $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
