using System.Globalization;
using CsCheck;
using Edna.Items;
using Edna.Search;
using Xunit;

namespace Edna.Grains.Tests.Search;

public sealed class QueryParserTests
{
    /// <summary>What is typed, and the plainest text that asks for the same.</summary>
    [Theory]
    [InlineData("", "")]
    [InlineData(" \t\0", "")]
    [InlineData("cats  DOGS", "cats dogs")]
    [InlineData("cats AND dogs", "cats dogs")]
    [InlineData("NOT and or", "not and or")]
    [InlineData("\"sleepy cat\" TROMSØ", "\"sleepy cat\" tromsø")]
    [InlineData("cats/001.jpg", "\"cats 001 jpg\"")]
    [InlineData("ca* \"in the s\"*", "ca* \"in the s\"*")]
    [InlineData("cats/0**", "\"cats 0\"*")]
    [InlineData("(a b) OR c d", "a b OR c d")]
    [InlineData("-a OR (-(b c) AND d)", "-a OR -(b c) d")]
    [InlineData("a (b OR c) d", "a (b OR c) d")]
    [InlineData("((a OR b) OR ((c)))", "a OR b OR c")]
    [InlineData("(a b) AND c", "a b c")]
    [InlineData("-a -\"b c\" -(d e) -(-f)", "-a -\"b c\" -(d e) -(-f)")]
    [InlineData("AND(a)", null)]
    [InlineData("a AND(b OR c)", "a (b OR c)")]
    [InlineData("a\"b c\"d", "a \"b c\" d")]
    [InlineData("photo(1).jpg foo(bar baz)", "\"photo 1 jpg\" foo bar baz")]
    [InlineData("cats !!! - -- * -!", "cats")]
    [InlineData("!!!", "!")]
    [InlineData("(!!! OR ?) cats", "cats")]
    [InlineData("12:30 2026-03-01T10:00 cats/a:b :x", "\"12 30\" \"2026 03 01t10 00\" \"cats a b\" x")]
    [InlineData("path:cats/0* PATH:\"a b\" path:!", "path:\"cats 0\"* path:\"a b\"")]
    [InlineData("status:Available -status:trashed", "status:available -status:trashed")]
    [InlineData("split:train type:image/* contentType:\"text/plain; charset=utf-8\"", "split:train type:image/* type:\"text/plain; charset=utf-8\"")]
    [InlineData("label:* -label:\"traffic light\" label:(a", null)]
    [InlineData("tag.camera:front* tag.\"my key\":\"a \\\"b\\\" \\\\ \\c\" tag.\"a:b\":\"\"", "tag.camera:front* tag.\"my key\":\"a \\\"b\\\" \\\\ \\\\c\" tag.\"a:b\":\"\"")]
    [InlineData("tag.room:a:b meta.place.city:Tromsø", "tag.room:a:b meta.place.city:\"Tromsø\"")]
    [InlineData("size:1000 size:>=1kb size:>1KiB size:<=1.5mb size:<2b", "size:1000..1000 size:>=1000 size:>=1025 size:<1500001 size:<2")]
    [InlineData("size:1kb..2mb", "size:1000..2000000")]
    [InlineData("updated:2026", "updated:2026-01-01T00:00:00.0000000Z..2026-12-31T23:59:59.9999999Z")]
    [InlineData("updated:2026-02..2026-03-01", "updated:2026-02-01T00:00:00.0000000Z..2026-03-01T23:59:59.9999999Z")]
    [InlineData("updated:>2026-03-01", "updated:>=2026-03-02T00:00:00.0000000Z")]
    [InlineData("updated:<=2026-03-01T12:30+02:00", "updated:<2026-03-01T10:31:00.0000000Z")]
    [InlineData("updated:2026-03-01T12:30:05", "updated:2026-03-01T12:30:05.0000000Z..2026-03-01T12:30:05.9999999Z")]
    [InlineData("updated:2026-03-01T12:30:05.25Z", "updated:2026-03-01T12:30:05.2500000Z..2026-03-01T12:30:05.2599999Z")]
    public void Text_becomes_a_tree(string text, string? plain)
    {
        var result = QueryParser.Parse(text);
        Assert.Equal(plain, result.Value?.ToString());
        Assert.Equal(plain is null, result.Problem is not null);
    }

    [Theory]
    [InlineData("cats OR", 6, "between two parts")]
    [InlineData("AND cats", 1, "between two parts")]
    [InlineData("cats OR OR dogs", 9, "between two parts")]
    [InlineData("cats (dogs", 6, "not closed")]
    [InlineData("cats dogs)", 10, "closes nothing")]
    [InlineData("cats ( )", 6, "nothing in these")]
    [InlineData("cats \"dogs", 6, "quote is not closed")]
    [InlineData("(cats \"dogs", 7, "quote is not closed")]
    [InlineData("c*ts", 2, "end of a word only")]
    [InlineData("cats *dogs", 6, "end of a word only")]
    [InlineData("cats colour:red", 6, "there is no field 'colour': fields are path,")]
    [InlineData("http://example.org", 1, "there is no field 'http'")]
    [InlineData("label: cat", 1, "right after 'label:'")]
    [InlineData("cats label:", 6, "right after 'label:'")]
    [InlineData("(label:)", 2, "right after 'label:'")]
    [InlineData("label:(cat OR dog)", 7, "(label:a OR label:b)")]
    [InlineData("tag:red", 1, "write tag.<key>:<value>")]
    [InlineData("tag.:red", 1, "write tag.<key>:<value>")]
    [InlineData("meta.\"\":red", 1, "write meta.<key>:<value>")]
    [InlineData("tag.\"a\" :red", 1, "':' right after the key")]
    [InlineData("meta.city:Trom*", 11, "metadata is compared whole")]
    [InlineData("status:gone", 8, "pending, available, failed or trashed")]
    [InlineData("status:purged", 8, "pending, available, failed or trashed")]
    [InlineData("status:3", 8, "pending, available, failed or trashed")]
    [InlineData("status:av*", 8, "pending, available, failed or trashed")]
    [InlineData("size:big", 6, "a size is a number")]
    [InlineData("size:1.5b", 6, "whole bytes")]
    [InlineData("size:1000000000000000001", 6, "at most a million tb")]
    [InlineData("size:-1", 6, "a size is a number")]
    [InlineData("size:1*", 6, "takes no '*'")]
    [InlineData("size:2kb..1kb", 6, "smaller end first")]
    [InlineData("size:1..", 6, "a size is a number")]
    [InlineData("updated:yesterday", 9, "a time is 2026")]
    [InlineData("updated:2026-02-30", 9, "a time is 2026")]
    [InlineData("updated:9999", 9, "a time is 2026")]
    [InlineData("updated:0001-01-01T00:00+05:00", 9, "a time is 2026")]
    [InlineData("updated:2026..2025", 9, "smaller end first")]
    public void A_fault_tells_the_column_and_what_to_do(string text, int column, string message)
    {
        var problem = QueryParser.Parse(text).Problem!;
        Assert.Equal(("search.query_invalid", 400), (problem.Code, problem.Status));
        Assert.StartsWith($"Column {column}: ", problem.Detail, StringComparison.Ordinal);
        Assert.Contains(message, problem.Detail, StringComparison.Ordinal);
        Assert.StartsWith($"column {column}: ", Assert.Single(problem.Errors!["query"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Limits_hold_at_their_edge()
    {
        Assert.NotNull(QueryParser.Parse(new string('a', QueryLimits.Length)).Value);
        AssertFault(new string('a', QueryLimits.Length + 1), QueryLimits.Length + 1);
        Assert.Equal("a", Good(new string('(', QueryLimits.Depth) + "a" + new string(')', QueryLimits.Depth)).ToString());
        AssertFault(new string('(', QueryLimits.Depth + 1) + "a" + new string(')', QueryLimits.Depth + 1), QueryLimits.Depth + 1);
        // Side by side they are not deep.
        Assert.Equal(QueryLimits.Depth + 1, Assert.IsType<AllOf>(Good(string.Concat(Enumerable.Repeat("(a)", QueryLimits.Depth + 1)))).Parts.Length);
        Assert.Equal(QueryLimits.Terms, Assert.IsType<AllOf>(Good(string.Join(' ', Enumerable.Repeat("a", QueryLimits.Terms)))).Parts.Length);
        AssertFault(string.Join(' ', Enumerable.Repeat("a", QueryLimits.Terms + 1)), (2 * QueryLimits.Terms) + 1);
        Assert.Equal(new SizeWithin(null, QueryLimits.Size + 1), Good("size:<=1000000tb"));
        Assert.Equal(new DateTimeOffset(9_999, 1, 1, 0, 0, 0, TimeSpan.Zero), Assert.IsType<UpdatedWithin>(Good("updated:<=9998")).Lt);
        Assert.Equal(new UpdatedWithin(DateTimeOffset.MinValue, null), Good("updated:>=0001"));
    }

    [Fact]
    public void A_tree_written_as_text_is_that_tree_again() => s_trees.Sample(tree => Assert.Equal(tree, Good(tree.ToString())), iter: 20_000);

    [Fact]
    public void Any_text_is_a_tree_or_a_fault_inside_it() => Gen.OneOf(
        Gen.String, Gen.Char["\"*():<>=.-\\ AB1\0\n\ud83dü"].Array[0, 30].Select(chars => new string(chars)), OneOf(s_pieces).Array[0, 14].Select(string.Concat))
        .Sample(text =>
        {
            var result = QueryParser.Parse(text);
            if (result.Problem is null)
            {
                Assert.Equal(result.Value, Good(result.Value!.ToString()));
                return;
            }
            var column = int.Parse(result.Problem.Detail.AsSpan(7, result.Problem.Detail.IndexOf(':', StringComparison.Ordinal) - 7), CultureInfo.InvariantCulture);
            Assert.InRange(column, 1, text.Length);
        }, iter: 50_000);

    private static readonly string[] s_pieces =
        ["cat", "(", ")", " ", " ", "-", "\"", "*", " OR ", " AND ", "AND", "label:", "tag.", "tag.\"k\":", "meta.a:", "size:", "1kb", "..", ">=", "updated:", "2026", "-03", ":", "\\", "path:"];

    private static readonly Gen<string> s_values = Gen.OneOf(OneOf("a", "A b", "\"", "\\", "*", "(", "-x", "a:b", "ü", "\n", " "), Gen.String);

    private static readonly Gen<QueryNode> s_leaves = Gen.OneOf<QueryNode>(
        Gen.Select(OneOf("cat", "dog1", "große", "σ", "猫", "and", "or", "12").Array[1, 3], Gen.Bool, OneOf(QueryText.Any, QueryText.Path))
            .Select((words, prefix, text) => (QueryNode)new Words([.. words], prefix, text)),
        Gen.Select(OneOf(QueryField.Split, QueryField.ContentType, QueryField.Label), s_values, Gen.Bool)
            .Select((field, value, prefix) => (QueryNode)new HasValue(field, "", value, prefix)),
        Gen.Select(s_values.Where(key => key.Length > 0), s_values, Gen.Bool).Select((key, value, prefix) => (QueryNode)new HasValue(QueryField.Tag, key, value, prefix)),
        Gen.Select(s_values.Where(key => key.Length > 0), s_values).Select((key, value) => (QueryNode)new HasValue(QueryField.Metadata, key, value)),
        OneOf(ItemStatus.Pending, ItemStatus.Available, ItemStatus.Failed, ItemStatus.Trashed).Select(status => (QueryNode)new HasStatus(status)),
        Gen.Select(Gen.Long[0, QueryLimits.Size].Nullable(), Gen.Long[1, QueryLimits.Size]).Where((least, length) => (least ?? 0) + length <= QueryLimits.Size)
            .Select((least, length) => (QueryNode)new SizeWithin(least, (least ?? 0) + length)),
        Gen.Long[0, new DateTime(9_998, 1, 1).Ticks].Select(ticks => (QueryNode)new UpdatedWithin(new DateTimeOffset(ticks, TimeSpan.Zero), null)),
        Gen.Select(Gen.Long[0, new DateTime(4_000, 1, 1).Ticks], Gen.Long[1, new DateTime(4_000, 1, 1).Ticks])
            .Select((ticks, length) => (QueryNode)new UpdatedWithin(new DateTimeOffset(ticks, TimeSpan.Zero), new DateTimeOffset(ticks + length, TimeSpan.Zero))));

    private static readonly Gen<QueryNode> s_trees = Gen.Recursive<QueryNode>((depth, inner) => depth >= 5
        ? s_leaves
        : Gen.OneOf(s_leaves, inner.Array[2, 3].Select(parts => AllOf.Of(parts)), inner.Array[2, 3].Select(parts => AnyOf.Of(parts)), inner.Select(part => (QueryNode)new Not(part))))
        .Where(tree => tree.ToString().Length <= QueryLimits.Length);

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(n => values[n]);

    private static QueryNode Good(string text)
    {
        var result = QueryParser.Parse(text);
        Assert.True(result.Problem is null, $"{text}: {result.Problem?.Detail}");
        return result.Value!;
    }

    private static void AssertFault(string text, int column) =>
        Assert.StartsWith($"Column {column}: ", QueryParser.Parse(text).Problem!.Detail, StringComparison.Ordinal);
}
