using Edna.Search.Sqlite;
using Xunit;
using static Edna.Compliance.Search.TestDocuments;

namespace Edna.Search.Tests.Sqlite;

/// <summary>What the inverted index is asked. It is fast as long as it is one question that words and filters make shorter together.</summary>
public sealed class SearchPlanTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Berlin sunny", "({path metadata labels} : \"berlin\") AND ({path metadata labels} : \"sunny\") AND FILTER")]
    [InlineData("\"img 1\" cam*", "({path metadata labels} : \"img 1\") AND ({path metadata labels} : \"cam\" *) AND FILTER")]
    [InlineData("jpg size:>1 -status:failed", "({path metadata labels} : \"jpg\") AND FILTER")]
    [InlineData("(jpg OR path:dog) -owl", "((({path metadata labels} : \"jpg\") OR ({path} : \"dog\")) AND FILTER) NOT ({path metadata labels} : \"owl\")")]
    [InlineData("jpg label:never-there", null)]
    public async Task Words_and_filters_are_one_question(string query, string? question)
    {
        await using var host = new SqliteSearchIndexHost();
        await host.Index.PushAsync(Document("berlin/sunny.jpg") with { Split = "train", Tags = new Dictionary<string, string> { ["weather"] = "sunny" } });
        var search = ParsedSearch.Of("default", new()
        {
            Datasets = ["pets"], Query = query, Filter = new() { Split = ["train"], Tags = new Dictionary<string, string> { ["weather"] = "sunny" } },
        }).Value!;
        var match = await host.Database.ReadAsync(connection =>
        {
            using var plan = new SearchPlan(connection, search);
            return plan.Match;
        }, Ct);
        Assert.Equal(question is null ? null : $"({question.Replace("FILTER", "((terms : d1) AND (terms : x2) AND (terms : x3))", StringComparison.Ordinal)})", match);
    }
}
