using System.Net;
using System.Text;
using Xunit;

namespace Edna.Gateway.Tests.Operators;

/// <summary>What operators see, and who they are.</summary>
public sealed class OperatorTests(RunningGateway gateway)
{
    [Theory]
    [InlineData("/metrics")]
    [InlineData("/dashboard/")]
    [InlineData("/dashboard/DashboardCounters")]
    public async Task Only_operators_come_in_with_a_key_as_token_or_password(string address)
    {
        using var anybody = gateway.Anonymous();
        using (var asked = await anybody.GetAsync(address))
        {
            await asked.ShouldBeProblemAsync(401, "auth.missing");
            Assert.Equal(["Bearer", "Basic"], asked.Headers.WwwAuthenticate.Select(challenge => challenge.Scheme));
        }
        using var writer = await gateway.WithNewKeyAsync("read", "write", "label");
        using (var refused = await writer.GetAsync(address)) await refused.ShouldBeProblemAsync(403, "auth.forbidden");
        using (var opened = await gateway.Admin.GetAsync(address)) Assert.Equal(HttpStatusCode.OK, opened.StatusCode);
        using (var opened = await anybody.SendAsync("GET", address, null, Basic($"anybody:{gateway.AdminKey}"))) Assert.Equal(HttpStatusCode.OK, opened.StatusCode);
        foreach (var wrong in (string[])["anybody:edna_wrong", "no-colon", ""])
            using (var refused = await anybody.SendAsync("GET", address, null, Basic(wrong))) await refused.ShouldBeProblemAsync(401, "auth.invalid");
    }

    /// <summary>A browser sends a password that it keeps by itself, also where another site's page has it do so.</summary>
    [Theory]
    [InlineData("GET", "/v1/datasets")]
    [InlineData("POST", "/v1/datasets")]
    public async Task A_password_opens_nothing_else(string method, string address)
    {
        using var anybody = gateway.Anonymous();
        using var refused = await anybody.SendAsync(method, address, null, Basic($"anybody:{gateway.AdminKey}"));
        await refused.ShouldBeProblemAsync(401, "auth.invalid");
    }

    private static string Basic(string credentials) => $"Authorization: Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials))}";
}
