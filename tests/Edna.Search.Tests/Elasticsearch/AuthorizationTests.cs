using Edna.Compliance.Search;
using Edna.Compliance.Search.Elasticsearch;
using Edna.Hosting;
using Edna.Search.Elasticsearch;
using Edna.Search.Elasticsearch.Signing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;
using static Edna.Compliance.Search.TestDocuments;

namespace Edna.Search.Tests.Elasticsearch;

/// <summary>The settings, and what servers get to see of who asks.</summary>
public sealed class AuthorizationTests
{
    private const string Example = "AKIDEXAMPLE";
    private static readonly AwsKeys s_keys = new(Example, "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", null);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>From the test suite that AWS publishes for Signature Version 4.</summary>
    [Theory]
    [InlineData("GET", "/", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")]
    [InlineData("POST", "/", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b")]
    [InlineData("GET", "/?Param2=value2&Param1=value1", "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500")]
    public void The_published_examples_are_signed_as_published(string method, string path, string signature)
    {
        var headers = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["host"] = "example.amazonaws.com", ["x-amz-date"] = "20150830T123600Z" };
        var header = AwsSignature.Sign(method, new("https://example.amazonaws.com" + path), headers, AwsSignature.Hash([]), s_keys, "us-east-1", "service");
        Assert.Equal($"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature={signature}", header);
    }

    [Theory]
    [InlineData("es", null)]
    [InlineData("aoss", "session/token==")]
    public async Task What_is_sent_is_what_was_signed(string service, string? token)
    {
        await using var server = await FakeElasticsearch.StartAsync();
        var keys = new AwsKeys(Example, "secret", token);
        using var client = new ElasticsearchClient(new() { Address = server.Address }, new AwsAuthorization("eu-central-1", service, _ => Task.FromResult(keys), TimeProvider.System));
        using var body = new PooledBuffer();
        SearchBody.WriteCount(body, "default/pets");
        using var reply = await client.SendAsync(HttpMethod.Post, "/edna/_search?allow_partial_search_results=false&preference=a%20b", body, BodyKind.Json, Ct);
        var sent = Assert.Single(server.Requests);
        Assert.Equal(AwsSignature.Hash(sent.RawBody.Span), sent.Headers["x-amz-content-sha256"]);
        Assert.Equal(token, sent.Headers.GetValueOrDefault("x-amz-security-token"));
        var names = sent.Headers["Authorization"].Split("SignedHeaders=")[1].Split(',')[0].Split(';');
        Assert.Equal(token is null ? ["host", "x-amz-content-sha256", "x-amz-date"] : ["host", "x-amz-content-sha256", "x-amz-date", "x-amz-security-token"], names);
        // As the server checks it: from what came over the wire.
        var headers = new SortedDictionary<string, string>(names.ToDictionary(name => name, name => sent.Headers[name]), StringComparer.Ordinal);
        var address = new Uri($"http://{sent.Headers["host"]}{sent.Path}{sent.Query}");
        Assert.Equal(AwsSignature.Sign(sent.Method, address, headers, AwsSignature.Hash(sent.RawBody.Span), keys, "eu-central-1", service), sent.Headers["Authorization"]);
    }

    [Theory]
    [InlineData("None", "", "")]
    [InlineData("Basic", "Username=edna;Password=pä:ss", "Basic ZWRuYTpww6Q6c3M=")]
    [InlineData("ApiKey", "ApiKey=aWQ6a2V5", "ApiKey aWQ6a2V5")]
    public async Task Configuration_alone_switches_it_on(string kind, string settings, string header)
    {
        await using var server = await FakeElasticsearch.StartAsync();
        await using var services = Services($"Address={server.Address};Authentication={kind};{settings}");
        services.GetRequiredService<IStartupValidator>().Validate();
        var index = services.GetRequiredService<ISearchIndex>();
        await index.PushAsync(Document("a"));
        Assert.Single(await index.AllAsync(new()));
        Assert.Empty(server.Violations);
        Assert.All(server.Requests, request => Assert.Equal(header, request.Headers.GetValueOrDefault("Authorization", "")));
    }

    [Theory]
    [InlineData("", "Address", "must be an absolute")]
    [InlineData("Address=ftp://x", "Address", "must be an absolute")]
    [InlineData("Address=http://user@x", "Address", "must be an absolute")]
    [InlineData("Address=http://x/?q", "Address", "must be an absolute")]
    [InlineData("Index=Edna", "Index", "must be 1 to 100 small letters")]
    [InlineData("Index=_edna", "Index", "must be 1 to 100 small letters")]
    [InlineData("Index=edna/x", "Index", "must be 1 to 100 small letters")]
    [InlineData("Shards=0", "Shards", "must be 1 to 100")]
    [InlineData("Replicas=11", "Replicas", "must be 0 to 10")]
    [InlineData("RefreshMilliseconds=49", "RefreshMilliseconds", "must be 50 to 60000")]
    [InlineData("TombstoneSeconds=601", "TombstoneSeconds", "must be 0 to 600")]
    [InlineData("TombstoneSeconds=-1", "TombstoneSeconds", "must be 0 to 600")]
    [InlineData("TombstoneSeconds=52", "TombstoneSeconds", "must be more than 52, TimeoutSeconds and the pauses of a push together")]
    [InlineData("TimeoutSeconds=68", "TombstoneSeconds", "must be more than 90, TimeoutSeconds")]
    [InlineData("TombstoneSeconds=30;TimeoutSeconds=8", "TombstoneSeconds", "must be more than 30, TimeoutSeconds")]
    [InlineData("BulkMegabytes=4", "BulkMegabytes", "must be 5 to 15")]
    [InlineData("BulkMegabytes=16", "BulkMegabytes", "must be 5 to 15")]
    [InlineData("TimeoutSeconds=0", "TimeoutSeconds", "must be 1 to 300")]
    [InlineData("Flavor=7", "Flavor", "must be Elasticsearch or OpenSearch")]
    [InlineData("Authentication=7", "Authentication", "must be None, Basic, ApiKey or Aws")]
    [InlineData("Authentication=Basic;Password=x", "Username", "must be set")]
    [InlineData("Authentication=Basic;Username=x", "Password", "must be set")]
    [InlineData("Authentication=Basic;Username=x:y;Password=x", "Username", "must not have a colon")]
    [InlineData("Password=x", "Password", "is of use only")]
    [InlineData("Authentication=ApiKey", "ApiKey", "must be set")]
    [InlineData("Authentication=ApiKey;ApiKey=a b", "ApiKey", "must be the encoded key")]
    [InlineData("ApiKey=x", "ApiKey", "is of use only")]
    [InlineData("Authentication=Aws", "AwsRegion", "must be set")]
    [InlineData("AwsService=s3", "AwsService", "must be es or aoss")]
    public void A_wrong_setting_stops_the_start_and_is_named(string settings, string key, string reason)
    {
        using var services = Services(settings.StartsWith("Address", StringComparison.Ordinal) || settings.Length == 0 ? settings : "Address=http://127.0.0.1:9200;" + settings);
        var fault = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IStartupValidator>().Validate());
        Assert.Contains($"Edna:Search:Elasticsearch:{key} {reason}", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_region_may_come_from_the_environment()
    {
        using var services = Services("Address=https://search.example.com;Authentication=Aws;Flavor=OpenSearch", KeyValuePair.Create<string, string?>("AWS_REGION", "eu-west-1"));
        services.GetRequiredService<IStartupValidator>().Validate();
        Assert.Equal("eu-west-1", services.GetRequiredService<ElasticsearchOptions>().AwsRegion);
        Assert.IsType<AwsAuthorization>(services.GetRequiredService<IRequestAuthorization>());
    }

    private static ServiceProvider Services(string settings, params KeyValuePair<string, string?>[] more) => new ServiceCollection()
        .AddLogging().AddSingleton(TimeProvider.System)
        .AddElasticsearchSearch(new ConfigurationBuilder().AddInMemoryCollection([
            .. settings.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2)).Select(pair => KeyValuePair.Create<string, string?>("Edna:Search:Elasticsearch:" + pair[0], pair[1])),
            .. more,
        ]).Build())
        .BuildServiceProvider();
}
