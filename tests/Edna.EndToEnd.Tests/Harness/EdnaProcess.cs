using System.Net;
using System.Net.Http.Headers;
using Edna.Client;

namespace Edna.Harness;

/// <summary>A gateway started as a process of its own, and started again on the same address and data when a test has killed it.</summary>
internal sealed class EdnaProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly Dictionary<string, string?> _environment;
    private readonly string[] _arguments;
    private readonly string _program;
    private readonly TempFolder? _ownFolder;
    private ChildProcess? _process;

    private EdnaProcess(string dataDirectory, TempFolder? ownFolder, IReadOnlyDictionary<string, string?> settings, string[] arguments, string program)
    {
        (DataDirectory, _ownFolder, _arguments, _program) = (dataDirectory, ownFolder, arguments, program);
        Address = new Uri($"http://127.0.0.1:{Ports.Free()}/");
        _environment = Clean(settings);
        _environment["EDNA_DATA"] = dataDirectory;
    }

    public Uri Address { get; }

    public string DataDirectory { get; }

    public string Key => File.ReadAllText(Path.Combine(DataDirectory, "admin.key")).Trim();

    public string Log => _process?.Log ?? "";

    public int Pid => _process!.Pid;

    /// <summary>Starts a gateway and waits until it is ready.</summary>
    /// <param name="settings">Environment variables beside the ordinary ones; null for none.</param>
    /// <param name="dataDirectory">Its data directory; null for a new one that is gone afterwards.</param>
    /// <param name="arguments">Further arguments.</param>
    /// <param name="program">What to start; null for the gateway.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task<EdnaProcess> StartAsync(
        IReadOnlyDictionary<string, string?>? settings = null, string? dataDirectory = null, string[]? arguments = null, string? program = null, CancellationToken ct = default)
    {
        var own = dataDirectory is null ? new TempFolder() : null;
        var edna = new EdnaProcess(dataDirectory ?? own!.At("data"), own, settings ?? new Dictionary<string, string?>(), arguments ?? [], program ?? Programs.Gateway);
        try
        {
            await edna.StartAgainAsync(ct);
            return edna;
        }
        catch
        {
            await edna.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it again, after it was killed or has ended.</summary>
    public async Task StartAgainAsync(CancellationToken ct)
    {
        if (_process is not null) await _process.DisposeAsync();
        _process = await ChildProcess.StartAsync(
            ["dotnet", _program, "--urls", Address.AbsoluteUri.TrimEnd('/'), .. _arguments], _environment, Path.GetDirectoryName(DataDirectory)!, ct);
        await WaitReadyAsync(ct);
    }

    /// <summary>SIGKILL: it gets no chance to do anything more.</summary>
    public async Task KillAsync(CancellationToken ct)
    {
        await _process!.SignalAsync("KILL", ct);
        await _process.WaitAsync(ct);
    }

    /// <summary>SIGTERM; its exit code.</summary>
    public async Task<int> TerminateAsync(CancellationToken ct)
    {
        await SignalTermAsync(ct);
        return await _process!.WaitAsync(ct);
    }

    public Task SignalTermAsync(CancellationToken ct) => SignalAsync("TERM", ct);

    public Task SignalAsync(string signal, CancellationToken ct) => _process!.SignalAsync(signal, ct);

    public Task<int> WaitForExitAsync(CancellationToken ct) => _process!.WaitAsync(ct);

    public EdnaClient NewClient(EdnaClientOptions? options = null) => new(Address, Key, options);

    /// <summary>A bare HTTP client with the key, for what the client library hides.</summary>
    public HttpClient NewHttp()
    {
        var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        return http;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null) await _process.DisposeAsync();
        _ownFolder?.Dispose();
    }

    private async Task WaitReadyAsync(CancellationToken ct)
    {
        using var http = new HttpClient { BaseAddress = Address };
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(StartPatience);
        while (true)
        {
            if (_process!.HasExited) throw new InvalidOperationException($"The gateway ended instead of starting:\n{Log}");
            if (await AnswersAsync(http, patience.Token)) return;
            try
            {
                await Task.Delay(Pause, patience.Token);
            }
            catch (OperationCanceledException) when (!ct.IsCancellationRequested)
            {
                throw new TimeoutException($"The gateway was not ready within {StartPatience}:\n{Log}");
            }
        }
    }

    private static async Task<bool> AnswersAsync(HttpClient http, CancellationToken ct)
    {
        try
        {
            using var answer = await http.GetAsync("health/ready", ct);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    // What is set where the tests run must not reach the program under test.
    private static Dictionary<string, string?> Clean(IReadOnlyDictionary<string, string?> settings)
    {
        var environment = Environment.GetEnvironmentVariables().Keys.Cast<string>()
            .Where(name => name.StartsWith("Edna__", StringComparison.OrdinalIgnoreCase) || name.StartsWith("EDNA_", StringComparison.Ordinal)
                || name.StartsWith("ASPNETCORE_", StringComparison.Ordinal) || name.StartsWith("AWS_", StringComparison.Ordinal))
            .ToDictionary(name => name, _ => (string?)null);
        foreach (var (name, value) in settings) environment[name] = value;
        return environment;
    }
}
