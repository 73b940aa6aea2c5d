using System.Net;
using System.Net.Http.Json;
using Xunit;

namespace Edna.Gateway.Tests.Access;

/// <summary>Tokens of a local issuer, its key set configured by address.</summary>
public sealed class JwtTests : IAsyncLifetime
{
    private TokenIssuer issuer = null!;
    private RunningGateway gateway = null!;

    public async ValueTask InitializeAsync()
    {
        issuer = await TokenIssuer.StartAsync();
        gateway = await RunningGateway.StartAsync(Settings(issuer.JwksUri));
    }

    [Theory]
    [InlineData("permissions", "read")]
    [InlineData("scope", "openid read profile")]
    public async Task A_token_is_let_in_with_its_permissions(string claim, string value)
    {
        var token = issuer.Sign(new() { [claim] = claim == "permissions" ? new[] { value, "unknown:thing" } : value });
        using var client = gateway.WithToken(token);
        using var read = await client.GetAsync("/v1/datasets");
        Assert.Equal(HttpStatusCode.OK, read.StatusCode);
        using var write = await client.SendAsync("POST", "/v1/datasets", "{\"name\": \"mine\"}");
        await write.ShouldBeProblemAsync(403, "auth.forbidden");
    }

    [Fact]
    public async Task The_tenant_comes_from_its_claim_and_sees_nothing_of_others()
    {
        using var acme = gateway.WithToken(issuer.Sign(new() { ["permissions"] = new[] { "write" }, ["https://edna.test/tenant"] = "acme" }));
        using var made = await acme.SendAsync("POST", "/v1/datasets", "{\"name\": \"shared-name\"}");
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        Assert.Equal("auth0|ann", (await made.ReadAsync()).GetProperty("createdBy").GetString());
        using var other = await gateway.Admin.GetAsync("/v1/datasets/shared-name");
        await other.ShouldBeProblemAsync(404, "dataset.not_found");
    }

    [Fact]
    public async Task A_tenant_that_could_reach_into_another_is_refused()
    {
        foreach (var tenant in (string[])["acme/secret", "ACME", "..", "", "a b", new('a', 64)])
        {
            using var client = gateway.WithToken(issuer.Sign(new() { ["permissions"] = new[] { "read" }, ["https://edna.test/tenant"] = tenant }));
            using var response = await client.GetAsync("/v1/datasets");
            await response.ShouldBeProblemAsync(401, "auth.invalid");
        }
    }

    [Fact]
    public async Task An_expired_token_is_told_so()
    {
        using var client = gateway.WithToken(issuer.Sign(new() { ["exp"] = DateTimeOffset.UtcNow.AddHours(-1).ToUnixTimeSeconds() }));
        using var response = await client.GetAsync("/v1/datasets");
        await response.ShouldBeProblemAsync(401, "auth.expired");
        Assert.Contains("invalid_token", response.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("iss", "https://evil.test/")]
    [InlineData("aud", "another")]
    [InlineData("exp", null)]
    [InlineData("sub", "")]
    public async Task A_token_with_a_wrong_claim_is_refused(string claim, string? value)
    {
        using var client = gateway.WithToken(issuer.Sign(new() { [claim] = value, ["permissions"] = new[] { "admin" } }));
        using var response = await client.GetAsync("/v1/datasets");
        await response.ShouldBeProblemAsync(401, "auth.invalid");
    }

    [Fact]
    public async Task A_machines_token_without_a_subject_stands_for_its_client()
    {
        using var client = gateway.WithToken(issuer.Sign(new() { ["sub"] = null, ["azp"] = "robot", ["permissions"] = new[] { "write" } }));
        using var made = await client.PostAsJsonAsync("/v1/datasets", new { name = "by-robot" });
        Assert.Contains("\"createdBy\":\"robot\"", await made.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("HS256")]
    public async Task A_token_that_is_not_signed_with_the_issuers_private_key_is_refused(string algorithm)
    {
        using var client = gateway.WithToken(issuer.Sign(new() { ["permissions"] = new[] { "admin" } }, algorithm));
        using var response = await client.GetAsync("/v1/datasets");
        await response.ShouldBeProblemAsync(401, "auth.invalid");
    }

    [Fact]
    public async Task A_tampered_token_is_refused()
    {
        var (good, evil) = (issuer.Sign().Split('.'), issuer.Sign(new() { ["permissions"] = new[] { "admin" } }).Split('.'));
        using var client = gateway.WithToken($"{good[0]}.{evil[1]}.{good[2]}");
        using var response = await client.GetAsync("/v1/datasets");
        await response.ShouldBeProblemAsync(401, "auth.invalid");
    }

    [Fact]
    public async Task An_issuer_that_is_down_answers_503_not_401()
    {
        await using var alone = await RunningGateway.StartAsync(Settings("http://127.0.0.1:1/jwks"));
        using var client = alone.WithToken(issuer.Sign());
        using var response = await client.GetAsync("/v1/datasets");
        await response.ShouldBeProblemAsync(503, "service.unavailable");
        using var admin = await alone.Admin.GetAsync("/v1/datasets");
        Assert.Equal(HttpStatusCode.OK, admin.StatusCode);
    }

    public async ValueTask DisposeAsync()
    {
        await gateway.DisposeAsync();
        await issuer.DisposeAsync();
    }

    private static string[] Settings(string jwksUri) =>
    [
        $"--Edna:Auth:Jwt:Issuer={TokenIssuer.Name}", $"--Edna:Auth:Jwt:Audience={TokenIssuer.Audience}", $"--Edna:Auth:Jwt:JwksUri={jwksUri}",
        "--Edna:Auth:Jwt:RequireHttpsMetadata=false", "--Edna:Auth:Jwt:TenantClaim=https://edna.test/tenant",
    ];
}
