using Xunit;

namespace Edna.Deploy.Tests.Ecs;

/// <summary>What can be chosen: before a template is made, and when it is deployed.</summary>
public sealed class SettingsTests(Synthesis synthesis)
{
    [Theory]
    [InlineData("""{"egress": "tunnel"}""", "-c egress must be nat, nats or endpoints, not 'tunnel'.")]
    [InlineData("""{"authoriser": "nobody"}""", "-c authoriser must be api or edna, not 'nobody'.")]
    [InlineData("""{"search": "http://plain"}""", "-c search must be domain or an address such as https://search.example.com, not 'http://plain'.")]
    [InlineData("""{"mostTasks": "1"}""", "-c mostTasks must be 2 to 100, not '1'.")]
    [InlineData("""{"tag": "a tag"}""", "-c tag must be a tag of an image, not 'a tag'.")]
    [InlineData("""{"github": "someone"}""", "-c github must be owner/name, not 'someone'.")]
    [InlineData("""{"buckets": "one,Two"}""", "-c buckets must be names of buckets with commas between them, not 'one,Two'.")]
    [InlineData("""{"zones": "us-east-1a"}""", "-c zones must be two zones such as us-east-1a,us-east-1b, not 'us-east-1a'.")]
    [InlineData("""{"egress": "endpoints"}""", "-c egress=endpoints needs -c authoriser=edna")]
    [InlineData("""{"searchKey": "a"}""", "-c searchKey is for a server of your own")]
    public async Task A_wrong_setting_is_refused_by_name(string context, string refusal)
    {
        var said = await synthesis.RefusalAsync(context);
        Assert.Contains(refusal, said, StringComparison.Ordinal);
        Assert.DoesNotContain("    at ", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Parameters_are_described_and_have_defaults_but_for_whose_tokens_are_taken()
    {
        var (usual, other) = (await synthesis.UsualAsync(), await synthesis.OtherAsync());
        string[] common = ["AdminKeyName", "AlarmAddress", "CallbackKeyName", "CorsOrigins", "RequestsASecond", "RequestsAtOnce"];
        Assert.Equal(common.Concat(["Auth0Issuer", "Auth0Audience"]).Order(StringComparer.Ordinal), usual.Parameters.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(common, other.Parameters.Keys.Order(StringComparer.Ordinal));
        Assert.All(usual.Parameters, parameter => Assert.True(parameter.Value.GetProperty("Description").GetString()!.Length > 20, parameter.Key));
        Assert.Equal(["Auth0Audience", "Auth0Issuer"], usual.Parameters.Where(parameter => !parameter.Value.TryGetProperty("Default", out _)).Select(parameter => parameter.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Nothing_in_it_is_of_one_account_or_looked_up()
    {
        Assert.All(await synthesis.BothAsync(), template => Assert.DoesNotMatch(@"\b[0-9]{12}\b", System.Text.RegularExpressions.Regex.Replace(template.Root.GetRawText(), "\"(Key|S3Key)\":\"[^\"]*\"", "")));
        Assert.False(File.Exists(Path.Combine(Harness.Programs.Root, "deploy/ecs/cdk.context.json")), "cdk.context.json has been written: something was looked up.");
    }

    /// <summary>Whoever installs takes packages from where he wants, each by its hash.</summary>
    [Fact]
    public async Task The_lock_file_names_hashes_and_no_registry()
    {
        var text = await File.ReadAllTextAsync(Path.Combine(Harness.Programs.Root, "deploy/ecs/package-lock.json"), TestContext.Current.CancellationToken);
        Assert.DoesNotContain("\"resolved\"", text, StringComparison.Ordinal);
        var packages = System.Text.Json.JsonElement.Parse(text).GetProperty("packages").EnumerateObject().Where(package => package.Name.Length > 0 && !package.Value.TryGetProperty("inBundle", out _)).ToList();
        Assert.NotEmpty(packages);
        Assert.All(packages, package => Assert.True(package.Value.TryGetProperty("integrity", out _), package.Name));
        var wanted = System.Text.Json.JsonElement.Parse(await File.ReadAllTextAsync(Path.Combine(Harness.Programs.Root, "deploy/ecs/package.json"), TestContext.Current.CancellationToken));
        Assert.All(wanted.GetProperty("dependencies").EnumerateObject().Concat(wanted.GetProperty("devDependencies").EnumerateObject()), package => Assert.Matches(@"^[0-9]+\.[0-9]+\.[0-9]+$", package.Value.GetString()));
    }
}
