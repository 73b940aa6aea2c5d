using System.Diagnostics;
using Edna.Harness;

namespace Edna.Benchmarks;

/// <summary>A DynamoDB Local to measure against: the one that the environment names, or one of its own.</summary>
internal sealed class DynamoServer : IAsyncDisposable
{
    private const string Said = "DynamoDB listens at ";

    /// <summary>Ends with the pipe that it reads from, as it does when the benchmark is killed.</summary>
    private const string Script = "WORK=$(mktemp -d); SKIPPED=(); . eng/referees.sh; start_dynamo; printf '%s\n' \"${SKIPPED[@]}\"; read -r _; stop_referees; rm -rf \"$WORK\"";

    private readonly Process? _process;

    private DynamoServer(Uri endpoint, Process? process) => (Endpoint, _process) = (endpoint, process);

    public Uri Endpoint { get; }

    public static async Task<DynamoServer> StartAsync()
    {
        if (Environment.GetEnvironmentVariable("EDNA_TEST_DYNAMO_ENDPOINT") is { Length: > 0 } endpoint) return new(new(endpoint), null);
        var process = Process.Start(new ProcessStartInfo("bash", ["-c", Script]) { WorkingDirectory = Programs.Root, RedirectStandardInput = true, RedirectStandardOutput = true })!;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith(Said, StringComparison.Ordinal)) return new(new(line[Said.Length..]), process);
            if (line.StartsWith("DynamoDB tests", StringComparison.Ordinal)) throw new InvalidOperationException(line);
        }
        throw new InvalidOperationException("DynamoDB Local did not start.");
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is null) return;
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
