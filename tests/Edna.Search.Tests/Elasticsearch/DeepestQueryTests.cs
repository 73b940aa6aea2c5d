using Edna.Compliance.Search;
using Edna.Items;
using Xunit;
using static Edna.Compliance.Search.TestDocuments;

namespace Edna.Search.Tests.Elasticsearch;

/// <summary>The deepest that the language can say stays within what servers take: 20 bools and 30 queries in each other.</summary>
public sealed class DeepestQueryTests
{
    [Theory]
    [InlineData("a OR b ({0})")]
    [InlineData("a b OR ({0}) c OR d")]
    [InlineData("a OR -(b {0})")]
    [InlineData("a OR -({0})")]
    [InlineData("a -(b OR {0})")]
    [InlineData("(a OR ({0})) b")]
    public async Task The_deepest_queries_are_taken(string level)
    {
        var query = "cats";
        while (ParsedSearch.Of("default", new() { Query = string.Format(null, level, query) }).Problem is null) query = string.Format(null, level, query);
        Assert.True(query.Count(c => c == '(') >= QueryLimits.Depth - 1, $"{query} is not deep.");
        await using var host = await ElasticsearchIndexHost.StartAsync();
        SearchDocument[] documents = [Document("cats/1"), Document("a/b") with { LabelClasses = ["b c"] }, Document("d/2") with { Status = ItemStatus.Pending }];
        await host.Index.PushAsync(documents);
        Assert.True(QueryParser.Parse(query).TryGet(out var tree, out _));
        var expected = documents.Where(document => QueryEvaluator.Holds(tree, document)).Select(document => document.Key.ItemId);
        Assert.Equal(expected.Order(), (await host.Index.AllAsync(new() { Query = query, Sort = "relevance" })).Order());
    }
}
