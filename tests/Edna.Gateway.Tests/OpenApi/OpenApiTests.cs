using System.Text.Json;
using Xunit;

namespace Edna.Gateway.Tests.OpenApi;

public sealed class OpenApiTests(RunningGateway gateway)
{
    private const string Items = "/v1/datasets/{dataset}/items";
    private const string Item = Items + "/{item}";
    private const string Webhooks = "/v1/datasets/{dataset}/webhooks";
    private const string Webhook = Webhooks + "/{webhook}";

    /// <summary>The contract's routes that this gateway serves.</summary>
    public static TheoryData<string, string> Routes => new()
    {
        { "post", "/v1/datasets" }, { "get", "/v1/datasets" }, { "get", "/v1/datasets/{dataset}" }, { "patch", "/v1/datasets/{dataset}" }, { "delete", "/v1/datasets/{dataset}" },
        { "post", Items }, { "get", Items }, { "post", Items + ":batch" }, { "post", Items + ":complete" }, { "post", Items + ":downloads" }, { "post", Items + ":delete" },
        { "get", Item }, { "patch", Item }, { "delete", Item }, { "get", Item + "/content" }, { "post", Item + "/restore" },
        { "get", Item + "/upload" }, { "delete", Item + "/upload" }, { "post", Item + "/upload/parts" }, { "post", Item + "/upload/complete" },
        { "get", Item + "/tags" }, { "put", Item + "/tags" }, { "patch", Item + "/tags" }, { "delete", Item + "/tags" },
        { "get", Item + "/labels" }, { "put", Item + "/labels" }, { "delete", Item + "/labels" }, { "get", Item + "/labels/history" },
        { "get", Item + "/labels/history/{revision}" }, { "post", Item + "/labels/review" },
        { "post", "/v1/search" }, { "get", "/v1/search/indexing" }, { "put", "/v1/search/indexing" }, { "post", "/v1/search/reindex" }, { "get", "/v1/datasets/{dataset}/changes" }, { "get", "/v1/jobs/{job}" }, { "delete", "/v1/jobs/{job}" },
        { "post", "/v1/datasets/{dataset}/imports" },
        { "post", Webhooks }, { "get", Webhooks }, { "get", Webhook }, { "patch", Webhook }, { "delete", Webhook }, { "post", Webhook + "/secret:rotate" },
        { "post", Webhook + "/test" }, { "get", Webhook + "/deliveries" }, { "post", Webhook + "/deliveries/{delivery}/redeliver" },
        { "post", "/v1/api-keys" }, { "get", "/v1/api-keys" }, { "get", "/v1/api-keys/{key}" }, { "delete", "/v1/api-keys/{key}" },
        { "post", "/v1/callbacks/s3" }, { "get", "/health/live" }, { "get", "/health/ready" },
    };

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Every_route_of_the_contract_is_described(string method, string path)
    {
        var operation = (await DocumentAsync()).GetProperty("paths").GetProperty(path).GetProperty(method);
        Assert.NotEmpty(operation.GetProperty("summary").GetString()!);
        var parameters = operation.TryGetProperty("parameters", out var all) ? all.EnumerateArray().Where(p => p.GetProperty("in").GetString() == "path").Select(p => "{" + p.GetProperty("name").GetString() + "}") : [];
        Assert.Equal(path.Split('/', ':').Where(s => s.StartsWith('{')).Order(StringComparer.Ordinal), parameters.Order(StringComparer.Ordinal));
        if (path.StartsWith("/health", StringComparison.Ordinal)) return;
        Assert.NotEmpty(operation.GetProperty("security").EnumerateArray());
        Assert.True(operation.GetProperty("responses").GetProperty("401").GetProperty("content").TryGetProperty("application/problem+json", out _));
        Assert.Contains("permission", operation.GetProperty("description").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_served_that_is_not_described()
    {
        var described = (await DocumentAsync()).GetProperty("paths").EnumerateObject().SelectMany(p => p.Value.EnumerateObject().Select(o => $"{o.Name} {p.Name}"));
        Assert.Equal(Routes.Select(r => $"{r.Data.Item1} {r.Data.Item2}").Order(StringComparer.Ordinal), described.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_shapes_of_bodies_are_described()
    {
        var schemas = (await DocumentAsync()).GetProperty("components").GetProperty("schemas");
        Assert.True(schemas.GetProperty("CreateItem").GetProperty("properties").TryGetProperty("contentType", out _));
        Assert.True(schemas.GetProperty("Item").GetProperty("properties").TryGetProperty("labelRevision", out _));
        Assert.True(schemas.GetProperty("ProblemDocument").GetProperty("properties").TryGetProperty("code", out _));
    }

    private async Task<JsonElement> DocumentAsync()
    {
        using var client = gateway.Anonymous();
        using var response = await client.GetAsync("/openapi/v1.json");
        return await response.ReadAsync();
    }
}
