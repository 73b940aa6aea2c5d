using Edna.Hosting;

namespace Edna.Health;

/// <summary>
/// <c>health</c>: asks the process of the same environment whether it is ready. For an image that has neither a shell nor curl.
/// </summary>
internal static class HealthCommand
{
    /// <summary>The command's name.</summary>
    public const string Name = "health";

    private const string SiloStatus = "Edna:Silo:StatusUrl";

    /// <summary>Less than orchestrators wait, so that the reason is told.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    /// <summary>Runs it.</summary>
    /// <param name="args">Settings as the process has them.</param>
    /// <param name="to">Takes one line: what it answers, or why it does not.</param>
    /// <returns>0 when it is ready, also where something behind it is away; else 1.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter to)
    {
        var configuration = new ConfigurationBuilder().AddJsonFile("appsettings.json", optional: true, reloadOnChange: false)
            .AddEnvironmentVariables("ASPNETCORE_").AddEnvironmentVariables().AddCommandLine(args).Build();
        if (!ProcessRole.TryRead(out var role)) return await ProcessRole.RefuseAsync();
        var (setting, listens) = role == ProcessRole.Silo
            ? (SiloStatus, configuration[SiloStatus])
            : (WebHostDefaults.ServerUrlsKey, configuration[WebHostDefaults.ServerUrlsKey] ?? OfPorts(configuration[WebHostDefaults.HttpPortsKey]) ?? GatewayServices.DefaultUrl);
        if (AddressOf(listens) is not { } address)
        {
            await to.WriteLineAsync($"{setting}: '{listens}' is no address over HTTP to ask at.");
            return 1;
        }
        try
        {
            using var http = new HttpClient { BaseAddress = address, Timeout = Patience };
            using var answer = await http.GetAsync("health/ready");
            await to.WriteLineAsync($"{(int)answer.StatusCode} {(await answer.Content.ReadAsStringAsync()).ReplaceLineEndings(" ")}");
            return answer.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException)
        {
            await to.WriteLineAsync($"{address} does not answer: {fault.Message}");
            return 1;
        }
    }

    private static string? OfPorts(string? ports) => ports is { Length: > 0 } ? $"http://*:{ports.Split(';')[0]}" : null;

    /// <summary>Where a process that listens so is reached from its own machine; null when none of it is plain HTTP.</summary>
    /// <param name="listens">Addresses, separated by semicolons; <c>+</c>, <c>*</c> and the like stand for every address of the machine.</param>
    internal static Uri? AddressOf(string? listens)
    {
        foreach (var one in (listens ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var named = one.Replace("://+", "://0.0.0.0", StringComparison.Ordinal).Replace("://*", "://0.0.0.0", StringComparison.Ordinal);
            if (!Uri.TryCreate(named, UriKind.Absolute, out var address) || address.Scheme != Uri.UriSchemeHttp) continue;
            return address.Host switch
            {
                "0.0.0.0" => new UriBuilder(address) { Host = "127.0.0.1" }.Uri,
                "[::]" => new UriBuilder(address) { Host = "[::1]" }.Uri,
                _ => address,
            };
        }
        return null;
    }
}
