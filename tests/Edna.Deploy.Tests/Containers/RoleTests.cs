using Edna.Harness;
using Xunit;

namespace Edna.Deploy.Tests.Containers;

/// <summary>What the image's program says when its environment is wrong: one line, and an exit code.</summary>
public sealed class RoleTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Theory]
    [InlineData("EDNA_ROLE=cook", 1, "EDNA_ROLE: must be 'gateway' or 'silo', not 'cook'.")]
    [InlineData("EDNA_ROLE=silo;Edna__Search__Provider=Elasticsearch", 2, "Edna:Search:Elasticsearch:Address must be an absolute http or https address")]
    [InlineData("EDNA_ROLE=silo;Edna__Silo__StatusUrl=nowhere", 2, "Edna:Silo:StatusUrl: must be an address such as http://0.0.0.0:9090, not 'nowhere'.")]
    [InlineData("EDNA_ROLE=gateway;DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1", 1, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: must not be set")]
    [InlineData("EDNA_ROLE=silo;DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1", 2, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: must not be set")]
    public async Task A_wrong_environment_stops_it_with_one_line(string environment, int code, string line)
    {
        var (exit, log) = await RunAsync(environment);
        Assert.Equal(code, exit);
        Assert.StartsWith(line, log, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("EDNA_ROLE=gateway;ASPNETCORE_URLS=http://+:1", "http://0.0.0.0:1", "http://127.0.0.1:1/ does not answer")]
    [InlineData("EDNA_ROLE=gateway;ASPNETCORE_HTTP_PORTS=1", "ports", "http://127.0.0.1:1/ does not answer")]
    [InlineData("EDNA_ROLE=silo;Edna__Silo__StatusUrl=http://127.0.0.1:1", "status", "http://127.0.0.1:1/ does not answer")]
    [InlineData("EDNA_ROLE=silo", "unset", "Edna:Silo:StatusUrl: '' is no address over HTTP to ask at.")]
    [InlineData("EDNA_ROLE=gateway;ASPNETCORE_URLS=https://+:1", "tls", "urls: 'https://+:1' is no address over HTTP to ask at.")]
    public async Task The_health_of_what_is_not_there_is_1_and_a_reason(string environment, string what, string line)
    {
        var (exit, log) = await RunAsync(environment, "health");
        Assert.True(exit == 1, what);
        Assert.StartsWith(line, log, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private async Task<(int Code, string Log)> RunAsync(string environment, params string[] arguments)
    {
        var ct = TestContext.Current.CancellationToken;
        var variables = environment.Split(';').Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => (string?)pair[1]);
        variables["EDNA_DATA"] = _folder.Path;
        await using var process = await ChildProcess.StartAsync(["dotnet", Programs.Gateway, .. arguments], variables, _folder.Path, ct);
        return (await process.WaitAsync(ct), process.Log);
    }
}
