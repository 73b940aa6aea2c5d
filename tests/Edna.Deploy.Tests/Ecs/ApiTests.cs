using Edna.Idempotency;
using Xunit;

namespace Edna.Deploy.Tests.Ecs;

/// <summary>The way in: what is looked at before EDNA, what goes where, how much, and what is written down.</summary>
public sealed class ApiTests(Synthesis synthesis)
{
    /// <summary>What EDNA itself answers anybody, and object events, whose key EDNA looks at.</summary>
    private static readonly string[] s_open = ["POST /v1/callbacks/{path+}", "GET /health/live", "GET /health/ready", "GET /docs", "GET /docs/{path+}", "GET /openapi/{path+}"];

    [Fact]
    public async Task Tokens_are_looked_at_for_all_but_what_is_for_everybody()
    {
        var template = await synthesis.UsualAsync();
        var (name, authoriser) = Assert.Single(template.Of("AWS::ApiGatewayV2::Authorizer"));
        var jwt = authoriser.GetProperty("JwtConfiguration");
        Assert.Equal(("JWT", "Auth0Issuer", "Auth0Audience", "$request.header.Authorization"),
            (authoriser.GetProperty("AuthorizerType").GetString(), jwt.GetProperty("Issuer").GetProperty("Ref").GetString(), jwt.GetProperty("Audience")[0].GetProperty("Ref").GetString(), authoriser.GetProperty("IdentitySource")[0].GetString()));
        var routes = template.Of("AWS::ApiGatewayV2::Route").Values.ToDictionary(route => route.GetProperty("RouteKey").GetString()!);
        string[] methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];
        Assert.Equal(methods.Select(method => $"{method} /v1/{{path+}}").Concat(s_open).Order(StringComparer.Ordinal), routes.Keys.Order(StringComparer.Ordinal));
        Assert.All(routes, route => Assert.Equal(s_open.Contains(route.Key) ? ("NONE", null) : ("JWT", name),
            (route.Value.GetProperty("AuthorizationType").GetString(), route.Value.TryGetProperty("AuthorizerId", out var by) ? by.GetProperty("Ref").GetString() : null)));
        // EDNA looks at them again, by the same issuer.
        var environment = Template.EnvironmentOf(template.RoleOf("gateway").Container);
        Assert.Equal(("""{"Ref":"Auth0Issuer"}""", """{"Ref":"Auth0Audience"}"""), (environment["Edna__Auth__Jwt__Authority"], environment["Edna__Auth__Jwt__Audience"]));
    }

    [Fact]
    public async Task Where_EDNA_alone_looks_its_own_keys_come_through()
    {
        var template = await synthesis.OtherAsync();
        Assert.Empty(template.Of("AWS::ApiGatewayV2::Authorizer"));
        Assert.All(template.Of("AWS::ApiGatewayV2::Route").Values, route => Assert.Equal("NONE", route.GetProperty("AuthorizationType").GetString()));
        // And it is not asked to read keys that it cannot reach.
        Assert.DoesNotContain(Template.EnvironmentOf(template.RoleOf("gateway").Container).Keys, name => name.StartsWith("Edna__Auth__", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_comes_is_held_back_written_down_and_sent_into_the_network()
    {
        foreach (var template in await synthesis.BothAsync())
        {
            var stage = Assert.Single(template.Of("AWS::ApiGatewayV2::Stage")).Value;
            Assert.Equal(("$default", true), (stage.GetProperty("StageName").GetString(), stage.GetProperty("AutoDeploy").GetBoolean()));
            var limits = stage.GetProperty("DefaultRouteSettings");
            Assert.Equal(("RequestsASecond", "RequestsAtOnce"), (limits.GetProperty("ThrottlingRateLimit").GetProperty("Ref").GetString(), limits.GetProperty("ThrottlingBurstLimit").GetProperty("Ref").GetString()));
            var log = stage.GetProperty("AccessLogSettings");
            Assert.Contains(log.GetProperty("DestinationArn").GetProperty("Fn::GetAtt")[0].GetString()!, template.Of("AWS::Logs::LogGroup").Keys);
            // Keys may stand in a query, and nowhere else in an address.
            Assert.DoesNotContain("query", log.GetProperty("Format").GetString(), StringComparison.OrdinalIgnoreCase);
            Assert.All(new[] { "$context.identity.sourceIp", "$context.path", "$context.status" }, word => Assert.Contains(word, log.GetProperty("Format").GetString(), StringComparison.Ordinal));
            var integration = Assert.Single(template.Of("AWS::ApiGatewayV2::Integration")).Value;
            // Who asks is said in a header that no caller can write.
            var environment = Template.EnvironmentOf(template.RoleOf("gateway").Container);
            Assert.Equal($$"""{"overwrite:header.{{environment["Edna__Gateway__ForwardedForHeader"]}}":"$context.identity.sourceIp"}""", integration.GetProperty("RequestParameters").GetRawText());
            Assert.Equal(("VPC_LINK", "HTTP_PROXY"), (integration.GetProperty("ConnectionType").GetString(), integration.GetProperty("IntegrationType").GetString()));
            var names = Assert.Single(template.Of("AWS::ServiceDiscovery::Service"));
            Assert.Equal(names.Key, integration.GetProperty("IntegrationUri").GetProperty("Fn::GetAtt")[0].GetString());
            var registry = Assert.Single(template.Of("AWS::ECS::Service")[template.RoleOf("gateway").Service].GetProperty("ServiceRegistries").EnumerateArray());
            Assert.Equal((names.Key, 8080), (registry.GetProperty("RegistryArn").GetProperty("Fn::GetAtt")[0].GetString(), registry.GetProperty("ContainerPort").GetInt32()));
            Assert.False(template.Of("AWS::ECS::Service")[template.RoleOf("silo").Service].TryGetProperty("ServiceRegistries", out _));
        }
    }

    [Fact]
    public async Task Pages_of_the_same_origins_use_the_API_and_the_bucket()
    {
        var template = await synthesis.UsualAsync();
        var cors = Assert.Single(template.Of("AWS::ApiGatewayV2::Api")).Value.GetProperty("CorsConfiguration");
        Assert.Equal("CorsOrigins", cors.GetProperty("AllowOrigins").GetProperty("Ref").GetString());
        // What routes read, beside what browsers send unasked.
        string[] read = ["Authorization", "Content-Type", IdempotencyKey.Header, "If-Match", "If-None-Match", "Last-Event-ID", "traceparent"];
        Assert.Equal(read.Select(name => name.ToLowerInvariant()), cors.GetProperty("AllowHeaders").EnumerateArray().Select(one => one.GetString()));
        string[] written = ["ETag", IdempotencyMiddleware.Replayed, "Location", "Retry-After"];
        Assert.Equal(written.Select(name => name.ToLowerInvariant()), cors.GetProperty("ExposeHeaders").EnumerateArray().Select(one => one.GetString()));
        Assert.Equal("""{"Fn::Join":[",",{"Ref":"CorsOrigins"}]}""", Template.EnvironmentOf(template.RoleOf("silo").Container)["Edna__Objects__S3__CorsOrigins"]);
    }
}
