using Edna.Requests;
using Microsoft.Extensions.Primitives;
using Xunit;

namespace Edna.Gateway.Tests.Requests;

public sealed class IfMatchTests
{
    [Theory]
    [InlineData("\"7\"", 7L)]
    [InlineData("\"0\"", 0L)]
    [InlineData("*", null)]
    [InlineData(null, null)]
    public void A_strong_tag_is_a_revision_and_a_star_is_any(string? header, long? revision)
    {
        var read = IfMatch.Read(Header(header), StringValues.Empty);
        Assert.Null(read.Problem);
        Assert.Equal(revision, read.Revision);
    }

    [Theory]
    [InlineData("W/\"7\"")]
    [InlineData("7")]
    [InlineData("\"7")]
    [InlineData("\"\"")]
    [InlineData("\"abc\"")]
    [InlineData("\"-1\"")]
    [InlineData("\"7\", \"8\"")]
    [InlineData("\"99999999999999999999\"")]
    public void Anything_else_is_refused_and_named(string header)
    {
        var problem = IfMatch.Read(Header(header), StringValues.Empty).Problem;
        Assert.Equal((400, "request.invalid"), (problem!.Status, problem.Code));
        Assert.Contains("If-Match", problem.Errors!.Keys);
    }

    [Fact]
    public void If_none_match_star_means_that_nothing_is_there_yet()
    {
        Assert.Equal(0, IfMatch.Read(StringValues.Empty, "*").Revision);
        Assert.NotNull(IfMatch.Read(StringValues.Empty, "\"1\"").Problem);
        Assert.NotNull(IfMatch.Read("\"1\"", "*").Problem);
    }

    private static StringValues Header(string? value) => value is null ? StringValues.Empty : new(value);
}
