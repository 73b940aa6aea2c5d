using System.Net;
using System.Net.Http.Json;
using Xunit;

namespace Edna.Gateway.Tests.Access;

/// <summary>Tokens of an OpenID Connect server that this project did not write, found by discovery.</summary>
public sealed class OidcServerTests
{
    [Fact]
    public async Task A_token_of_a_real_issuer_is_let_in_and_one_for_another_audience_is_not()
    {
        var authority = Environment.GetEnvironmentVariable("EDNA_TEST_OIDC_ISSUER");
        if (string.IsNullOrEmpty(authority)) Assert.Skip("EDNA_TEST_OIDC_ISSUER is not set: no OpenID Connect server to ask.");
        await using var gateway = await RunningGateway.StartAsync(
            [$"--Edna:Auth:Jwt:Authority={authority}", "--Edna:Auth:Jwt:Audience=edna", "--Edna:Auth:Jwt:RequireHttpsMetadata=false"]);
        using var good = gateway.WithToken(await TokenAsync(authority, "edna"));
        using var read = await good.GetAsync("/v1/datasets");
        Assert.Equal(HttpStatusCode.OK, read.StatusCode);
        using var other = gateway.WithToken(await TokenAsync(authority, "another"));
        using var refused = await other.GetAsync("/v1/datasets");
        await refused.ShouldBeProblemAsync(401, "auth.invalid");
    }

    private static async Task<string> TokenAsync(string authority, string audience)
    {
        using var client = new HttpClient();
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials", ["scope"] = "read", ["aud"] = audience, ["client_id"] = "test", ["client_secret"] = "test",
        });
        using var response = await client.PostAsync($"{authority.TrimEnd('/')}/token", form);
        return (await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<Dictionary<string, System.Text.Json.JsonElement>>())!["access_token"].GetString()!;
    }
}
