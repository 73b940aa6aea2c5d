using System.Text;
using Edna.Json;
using Edna.Search;
using Xunit;

namespace Edna.Grains.Tests.Json;

public sealed class JsonSoundnessTests
{
    [Theory]
    [InlineData("""{"a": 1, "b": {"a": [{"a": 1}, {"a": 1}]}}""", true)]
    [InlineData("""{"a": "\ud83d\ude00", "ünï": null}""", true)]
    [InlineData("""{"a": "\ud83d"}""", false)]
    [InlineData("""{"\ude00": 1}""", false)]
    [InlineData("""{"a": 1, "a": 1}""", false)]
    [InlineData("""{"a": 1, "\u0061": 1}""", false)]
    [InlineData("""[[{"b": {"a": 1, "a": 1}}]]""", false)]
    public void Text_without_halves_and_names_without_twins_are_sound(string json, bool sound) => Assert.Equal(sound, FaultOf(json) is null);

    [Theory]
    [InlineData('{', "\"a\":", '}')]
    [InlineData('[', "", ']')]
    public void Nesting_ends_at_its_limit(char open, string name, char close)
    {
        string Nested(int depth) => string.Concat(Enumerable.Repeat(open + name, depth)) + "1" + new string(close, depth);
        Assert.Null(FaultOf(Nested(JsonSoundness.Deepest)));
        Assert.NotNull(FaultOf(Nested(JsonSoundness.Deepest + 1)));
    }

    /// <summary>One row that cannot be read holds up the index for all: that is why such text is never let in.</summary>
    [Theory]
    [InlineData("""{"a": "\ud83d"}""")]
    [InlineData("""{"\ude00": 1}""")]
    public void What_is_refused_could_not_be_indexed(string json) => Assert.Throws<InvalidOperationException>(() => SearchDocuments.Flatten(json));

    private static string? FaultOf(string json) => JsonSoundness.FaultOf(Encoding.UTF8.GetBytes(json));
}
