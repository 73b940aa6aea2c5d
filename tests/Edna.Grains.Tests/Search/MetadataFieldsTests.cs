using Edna.Search;
using Xunit;

namespace Edna.Grains.Tests.Search;

public sealed class MetadataFieldsTests
{
    [Fact]
    public void Nested_names_are_joined_and_each_pair_comes_once() => Assert.Equal(
        [new("a.b", "1"), new("a.b", "x"), new("c", "true")],
        SearchDocuments.Flatten("""{"a": {"b": [1, "x", 1, "x", null]}, "c": true}"""));

    /// <summary>Few bytes of metadata may name very many fields, for each value of a list is one under the whole name.</summary>
    [Theory]
    [InlineData(0, 2)]
    [InlineData(1, 1)]
    public void What_comes_after_the_limit_is_not_searched(int over, int fields)
    {
        // Two fields, "n" with a long value and "last" with a short one, and one that never has room.
        var text = new string('x', SearchDocuments.MostMetadata - 1 - "last".Length - 1 + over);
        var found = SearchDocuments.Flatten($$"""{"n": "{{text}}", "last": 1, "after": 2}""");
        Assert.Equal(fields, found.Count);
        Assert.True(found.Sum(field => field.Key.Length + field.Value.Length) <= SearchDocuments.MostMetadata);
    }

    [Fact]
    public void A_long_list_below_a_long_name_does_not_become_megabytes()
    {
        var name = new string('n', 4_000);
        var found = SearchDocuments.Flatten($$"""{"{{name}}": [{{string.Join(',', Enumerable.Range(0, 2_000))}}]}""");
        Assert.Equal(SearchDocuments.MostMetadata / 4_002, found.Count);
    }
}
