namespace Edna.Harness;

/// <summary>A silo without a gateway, started as a process of its own, and started again when a test has ended it.</summary>
internal sealed class SiloProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);

    private readonly Dictionary<string, string?> _environment;
    private readonly string _folder;
    private readonly Uri _status = new($"http://127.0.0.1:{Ports.Free()}/");
    private ChildProcess? _process;

    private SiloProcess(IReadOnlyDictionary<string, string?> settings, string folder)
    {
        Directory.CreateDirectory(folder);
        (_folder, _environment) = (folder, new(settings) { ["EDNA_DATA"] = folder, ["Edna__Silo__StatusUrl"] = _status.AbsoluteUri });
    }

    public string Log => _process?.Log ?? "";

    public bool HasExited => _process!.HasExited;

    public static async Task<SiloProcess> StartAsync(IReadOnlyDictionary<string, string?> settings, string folder, CancellationToken ct)
    {
        var silo = new SiloProcess(settings, folder);
        try
        {
            await silo.StartAgainAsync(ct);
            return silo;
        }
        catch
        {
            await silo.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it again, after it was killed or has ended, and waits until it has joined.</summary>
    public async Task StartAgainAsync(CancellationToken ct)
    {
        if (_process is not null) await _process.DisposeAsync();
        _process = await ChildProcess.StartAsync(["dotnet", Programs.Silo], _environment, _folder, ct);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(StartPatience);
        using var http = new HttpClient { BaseAddress = _status };
        while (!await IsReadyAsync(http, patience.Token))
        {
            if (HasExited) throw new InvalidOperationException($"The silo ended instead of starting:\n{Log}");
            try
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), patience.Token);
            }
            catch (OperationCanceledException) when (!ct.IsCancellationRequested)
            {
                throw new TimeoutException($"The silo had not started within {StartPatience}:\n{Log}");
            }
        }
    }

    /// <summary>SIGKILL: it gets no chance to do anything more.</summary>
    public async Task KillAsync(CancellationToken ct)
    {
        await SignalAsync("KILL", ct);
        await WaitForExitAsync(ct);
    }

    /// <summary>SIGTERM; its exit code.</summary>
    public async Task<int> TerminateAsync(CancellationToken ct)
    {
        await SignalAsync("TERM", ct);
        return await WaitForExitAsync(ct);
    }

    public Task SignalAsync(string signal, CancellationToken ct) => _process!.SignalAsync(signal, ct);

    public Task<int> WaitForExitAsync(CancellationToken ct) => _process!.WaitAsync(ct);

    public ValueTask DisposeAsync() => _process is null ? ValueTask.CompletedTask : _process.DisposeAsync();

    private static async Task<bool> IsReadyAsync(HttpClient http, CancellationToken ct)
    {
        try
        {
            using var answer = await http.GetAsync("health/ready", ct);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
