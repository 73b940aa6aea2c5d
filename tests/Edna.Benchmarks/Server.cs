using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using Edna.Harness;

namespace Edna.Benchmarks;

/// <summary>A server under load, in a process of its own.</summary>
internal sealed class Server : IAsyncDisposable
{
    public const string Key = "edna_benchmark_0123456789";

    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);

    private readonly ChildProcess _process;

    private Server(ChildProcess process, Uri address) => (_process, Address) = (process, address);

    public Uri Address { get; }

    /// <summary>From the start of the process to its first success on the path asked for.</summary>
    public TimeSpan StartedIn { get; private init; }

    /// <summary>Resident memory in bytes, as the kernel counts it.</summary>
    public long ResidentBytes => StatusBytes("VmRSS:");

    /// <summary>The most resident memory since the start or <see cref="ForgetPeak"/>, in bytes.</summary>
    public long PeakBytes => StatusBytes("VmHWM:");

    /// <summary>CPU that the process has used so far, in user and kernel: what a noisy machine distorts least.</summary>
    public TimeSpan CpuTime => CpuTimeOf(_process);

    /// <param name="folder">Holds its data.</param>
    /// <param name="settings">Environment variables beside the ordinary ones; null for none.</param>
    public static Task<Server> StartEdnaAsync(TempFolder folder, IReadOnlyDictionary<string, string?>? settings = null) => StartAsync(
        address => ["dotnet", Programs.Gateway, "--urls", address], "health/ready", folder,
        new Dictionary<string, string?>(settings ?? new Dictionary<string, string?>()) { ["EDNA_DATA"] = folder.At("data"), ["EDNA_ADMIN_KEY"] = Key });

    /// <summary>CPU that a process has used so far, in user and kernel.</summary>
    public static TimeSpan CpuTimeOf(ChildProcess process)
    {
        using var running = Process.GetProcessById(process.Pid);
        return running.TotalProcessorTime;
    }

    public static Task<Server> StartBareAsync(TempFolder folder, RecordedAnswer? answer = null) => StartAsync(
        address => ["dotnet", typeof(Server).Assembly.Location, BareServer.Name, address, .. answer is null ? Array.Empty<string>() : [answer.SaveTo(folder.At("answer.json"))]],
        "", folder, new Dictionary<string, string?>());

    public static Task<Server> StartBareEventsAsync(TempFolder folder) => StartAsync(
        address => ["dotnet", typeof(Server).Assembly.Location, BareEvents.Name, address], "", folder, new Dictionary<string, string?>());

    /// <summary>From now on, <see cref="PeakBytes"/> counts anew (proc(5), clear_refs).</summary>
    public void ForgetPeak() => File.WriteAllText($"/proc/{_process.Pid}/clear_refs", "5");

    public HttpClient NewClient(int connections)
    {
        var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = connections, ActivityHeadersPropagator = null })
        {
            BaseAddress = Address, Timeout = TimeSpan.FromSeconds(60),
        };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        return http;
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static async Task<Server> StartAsync(
        Func<string, IReadOnlyList<string>> command, string readyPath, TempFolder folder, Dictionary<string, string?> environment)
    {
        using var patience = new CancellationTokenSource(StartPatience);
        var address = new Uri($"http://127.0.0.1:{Ports.Free()}/");
        var started = Stopwatch.GetTimestamp();
        var process = await ChildProcess.StartAsync(command(address.AbsoluteUri.TrimEnd('/')), environment, folder.Path, patience.Token);
        try
        {
            using var http = new HttpClient { BaseAddress = address };
            while (!await AnswersAsync(http, readyPath, patience.Token))
            {
                if (process.HasExited) throw new InvalidOperationException($"The server ended instead of starting:\n{process.Log}");
                await Task.Delay(TimeSpan.FromMilliseconds(5), patience.Token);
            }
            return new Server(process, address) { StartedIn = Stopwatch.GetElapsedTime(started) };
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    private long StatusBytes(string line) => File.ReadLines($"/proc/{_process.Pid}/status")
        .Where(l => l.StartsWith(line, StringComparison.Ordinal))
        .Select(l => long.Parse(l.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) << 10).Single();

    private static async Task<bool> AnswersAsync(HttpClient http, string path, CancellationToken ct)
    {
        try
        {
            using var answer = await http.GetAsync(path, ct);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
