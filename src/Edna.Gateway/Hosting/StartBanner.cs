using Edna.Access;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Edna.Hosting;

/// <summary>Says on standard output, once requests are taken: where, with which key, and what to try.</summary>
internal sealed class StartBanner(IHostApplicationLifetime life, IServer server, AdminKey admin) : IHostedService
{
    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken)
    {
        life.ApplicationStarted.Register(() => Console.Out.WriteLine(Text(AddressOf(server), admin, Directory.GetCurrentDirectory())));
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>What is printed.</summary>
    internal static string Text(string address, AdminKey admin, string workingDirectory)
    {
        var file = Quoted(Nearest(admin.File, workingDirectory));
        var key = $"-H \"Authorization: Bearer $(cat {file})\"";
        const string json = "-H 'Content-Type: application/json'";
        return $$"""

            EDNA is ready at {{address}}
              admin key  {{file}}{{(admin.FirstShown is { } shown ? $"  (made just now: {shown})" : "")}}
              docs       {{address}}/docs

            Try:
              curl {{key}} {{json}} -d '{"name": "first"}' {{address}}/v1/datasets
              curl {{key}} {{json}} -d '{"path": "hello.txt", "contentType": "text/plain", "size": 5}' {{address}}/v1/datasets/first/items
              curl {{key}} {{address}}/v1/datasets/first/items

            """;
    }

    /// <summary>An address that can be typed on this machine: a wildcard stands for every one of them.</summary>
    internal static string AddressOf(IServer server)
    {
        var addresses = server.Features.Get<IServerAddressesFeature>()?.Addresses;
        var first = addresses is { Count: > 0 } ? addresses.First() : GatewayServices.DefaultUrl;
        return first.Replace("//[::]:", "//127.0.0.1:", StringComparison.Ordinal).Replace("//0.0.0.0:", "//127.0.0.1:", StringComparison.Ordinal).TrimEnd('/');
    }

    private static string Nearest(string file, string workingDirectory)
    {
        var relative = Path.GetRelativePath(workingDirectory, file);
        return relative.StartsWith("..", StringComparison.Ordinal) ? file : relative;
    }

    private static string Quoted(string file) =>
        file.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '-' or '_') ? file : $"'{file.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
