using System.Net;
using System.Net.Http.Json;
using Xunit;

namespace Edna.Gateway.Tests.Access;

public sealed class AccessTests(RunningGateway gateway)
{
    [Theory]
    [InlineData("GET", "/v1/datasets")]
    [InlineData("POST", "/v1/search")]
    [InlineData("GET", "/v1/api-keys")]
    [InlineData("GET", "/v1/jobs/x")]
    [InlineData("GET", "/nowhere")]
    [InlineData("PUT", "/v1/datasets")]
    public async Task Nobody_comes_in_without_credentials(string method, string address)
    {
        using var client = gateway.Anonymous();
        using var response = await client.SendAsync(method, address);
        await response.ShouldBeProblemAsync(401, "auth.missing");
        Assert.Equal("Bearer", Assert.Single(response.Headers.WwwAuthenticate).Scheme);
    }

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/docs/")]
    public async Task Health_and_documents_answer_anybody(string address)
    {
        using var client = gateway.Anonymous();
        using var response = await client.GetAsync(address);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("Bearer edna_aaaaaaaaaaaaaaaa_0123456789")]
    [InlineData("Bearer edna_nonsense")]
    [InlineData("Bearer not-a-key")]
    [InlineData("Bearer ")]
    [InlineData("Basic YWRtaW46YWRtaW4=")]
    [InlineData("edna_aaaaaaaaaaaaaaaa_0123456789")]
    public async Task Wrong_credentials_are_refused_and_not_repeated(string authorization)
    {
        using var client = gateway.Anonymous();
        using var response = await client.SendAsync("GET", "/v1/datasets", null, $"Authorization: {authorization}");
        var problem = await response.ShouldBeProblemAsync(401, "auth.invalid");
        Assert.DoesNotContain("0123456789", problem.ToString(), StringComparison.Ordinal);
        Assert.Contains("invalid_token", response.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("read", "read")]
    [InlineData("write", "read,write")]
    [InlineData("label", "read,label")]
    [InlineData("admin", "read,write,label,admin")]
    public async Task A_permission_implies_what_it_needs_and_no_more(string scope, string implied)
    {
        var item = await gateway.NewItemAsync(await gateway.NewDatasetAsync());
        using var client = await gateway.WithNewKeyAsync(scope);
        (string Permission, string Method, string Address)[] routes =
            [("read", "GET", item), ("write", "PUT", $"{item}/tags"), ("label", "PUT", $"{item}/labels"), ("admin", "GET", "/v1/api-keys")];
        foreach (var (permission, method, address) in routes)
        {
            using var response = await client.SendAsync(method, address, method == "GET" ? null : "{}");
            if (implied.Split(',').Contains(permission)) Assert.NotEqual(HttpStatusCode.Forbidden, response.StatusCode);
            else Assert.Contains($"'{permission}'", (await response.ShouldBeProblemAsync(403, "auth.forbidden")).GetProperty("detail").GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_purge_of_a_dataset_needs_admin()
    {
        var dataset = await gateway.NewDatasetAsync();
        using var client = await gateway.WithNewKeyAsync("write");
        using var refused = await client.DeleteAsync($"{dataset}?purge=true");
        await refused.ShouldBeProblemAsync(403, "auth.forbidden");
        using var accepted = await gateway.Admin.DeleteAsync($"{dataset}?purge=true");
        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        using var job = await gateway.Admin.GetAsync(accepted.Headers.Location);
        Assert.Equal("purge", (await job.ReadAsync()).GetProperty("kind").GetString());
    }

    [Fact]
    public async Task A_key_is_made_with_its_secret_shown_once_listed_and_revoked()
    {
        var made = await gateway.NewKeyAsync("read");
        Assert.StartsWith($"edna_{made.Id}_", made.Secret, StringComparison.Ordinal);
        using var client = gateway.WithToken(made.Secret!);
        // Not used before it is revoked: what the gateway has just seen may count for ten seconds more.
        using var read = await gateway.Admin.GetAsync($"/v1/api-keys/{made.Id}");
        Assert.DoesNotContain("secret", await read.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var list = await gateway.Admin.GetAsync("/v1/api-keys?limit=1000");
        Assert.Contains(made.Id, (await list.ReadAsync()).GetProperty("items").EnumerateArray().Select(k => k.GetProperty("id").GetString()));
        Assert.DoesNotContain(made.Secret!, await list.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        using var revoked = await gateway.Admin.DeleteAsync($"/v1/api-keys/{made.Id}");
        Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
        using var after = await client.GetAsync("/v1/datasets");
        await after.ShouldBeProblemAsync(401, "auth.invalid");
    }

    [Fact]
    public async Task Another_secret_does_not_open_a_key()
    {
        var made = await gateway.NewKeyAsync("read");
        using var client = gateway.WithToken(made.Secret![..^1] + (made.Secret[^1] == '0' ? '1' : '0'));
        using var response = await client.GetAsync("/v1/datasets");
        await response.ShouldBeProblemAsync(401, "auth.invalid");
        using var right = gateway.WithToken(made.Secret);
        Assert.Equal(HttpStatusCode.OK, (await right.GetAsync("/v1/datasets")).StatusCode);
    }

    [Fact]
    public async Task The_secret_of_a_key_is_stored_nowhere()
    {
        await using var own = await RunningGateway.StartAsync([]);
        using var request = await own.Admin.SendAsync("POST", "/v1/api-keys", "{\"name\": \"x\", \"scopes\": [\"read\"]}", "Idempotency-Key: k1");
        var secret = (await request.ReadAsync()).GetProperty("secret").GetString()!;
        foreach (var file in Directory.EnumerateFiles(own.Directory, "*", SearchOption.AllDirectories).Where(f => f.Contains(".db", StringComparison.Ordinal)))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
            Assert.DoesNotContain(secret["edna_".Length..][17..], await reader.ReadToEndAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Every_fault_of_a_key_is_named_at_once()
    {
        using var response = await gateway.Admin.PostAsJsonAsync("/v1/api-keys", new { name = "", scopes = new[] { "everything" }, expiresAt = "2020-01-01T00:00:00Z" });
        var problem = await response.ShouldBeProblemAsync(400, "request.invalid");
        Assert.Equal(["expiresAt", "name", "scopes"], problem.GetProperty("errors").EnumerateObject().Select(e => e.Name).Order(StringComparer.Ordinal));
    }
}
