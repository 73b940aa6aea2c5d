using System.Collections.Frozen;
using Edna.Items;

namespace Edna.Search;

/// <summary>The fields of the language, and what a value of each asks for.</summary>
internal static class QueryFields
{
    private static readonly FrozenDictionary<string, Reader> s_readers = new Dictionary<string, Reader>
    {
        ["path"] = Path,
        ["status"] = Status,
        ["split"] = (in token) => new HasValue(QueryField.Split, "", token.Text, token.IsPrefix),
        ["type"] = ContentType,
        ["contenttype"] = ContentType,
        ["label"] = (in token) => new HasValue(QueryField.Label, "", token.Text, token.IsPrefix),
        ["tag"] = (in token) => new HasValue(QueryField.Tag, token.Key, token.Text, token.IsPrefix),
        ["meta"] = Metadata,
        ["size"] = Size,
        ["updated"] = Updated,
        ["updatedat"] = Updated,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private delegate Found Reader(in QueryToken token);

    /// <summary>The fields that have keys.</summary>
    public static IReadOnlyList<string> Keyed { get; } = ["tag", "meta"];

    /// <summary>The fields, as a fault tells them.</summary>
    public static string Names => "fields are path, status, split, type, label, tag.<key>, meta.<key>, size and updated";

    /// <summary>Whether there is such a field, by its name in small letters.</summary>
    public static bool IsField(string name) => s_readers.ContainsKey(name);

    /// <summary>Whether the field has keys.</summary>
    public static bool HasKey(string name) => Keyed.Contains(name);

    /// <summary>What a field with its value asks for; no node when the value has nothing that could be looked for.</summary>
    public static Found Read(in QueryToken token) => s_readers[token.Name](token);

    /// <summary>A node, a fault, or neither.</summary>
    internal readonly record struct Found(QueryNode? Node, QueryFault? Fault = null)
    {
        public static implicit operator Found(QueryNode node) => new(node);

        public static implicit operator Found(QueryFault fault) => new(null, fault);
    }

    private static Found Path(in QueryToken token) =>
        SearchWords.Of(token.Text) is { Length: > 0 } words ? new Words(words, token.IsPrefix, QueryText.Path) : default(Found);

    private static Found ContentType(in QueryToken token) => new HasValue(QueryField.ContentType, "", token.Text, token.IsPrefix);

    private static Found Metadata(in QueryToken token) => token.IsPrefix
        ? Fault(token, "metadata is compared whole: write it without '*', or its words without the field")
        : new HasValue(QueryField.Metadata, token.Key, token.Text);

    private static Found Status(in QueryToken token) => token is { IsPrefix: false } && Enum.GetNames<ItemStatus>().Contains(token.Text, StringComparer.OrdinalIgnoreCase)
            && Enum.Parse<ItemStatus>(token.Text, ignoreCase: true) is not ItemStatus.Purged and var status
        ? new HasStatus(status)
        : Fault(token, "a status is pending, available, failed or trashed");

    private static Found Size(in QueryToken token)
    {
        if (token.IsPrefix) return Fault(token, "a size takes no '*'; write size:>=1mb or size:1kb..2mb");
        return QueryRange.TryRead(token.Text, SizeLiteral.Read, out var range, out var fault)
            ? new SizeWithin(range.Start, range.End)
            : Fault(token, fault);
    }

    private static Found Updated(in QueryToken token)
    {
        if (token.IsPrefix) return Fault(token, "a time takes no '*'; write updated:2026-03 or updated:>=2026-03-01");
        return QueryRange.TryRead(token.Text, TimeLiteral.Read, out var range, out var fault)
            ? new UpdatedWithin(Time(range.Start), Time(range.End))
            : Fault(token, fault);
    }

    private static DateTimeOffset? Time(long? ticks) => ticks is { } t ? new DateTimeOffset(t, TimeSpan.Zero) : null;

    private static QueryFault Fault(in QueryToken token, string message) => new(token.ValueColumn, message);
}
