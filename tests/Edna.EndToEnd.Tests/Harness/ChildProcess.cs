using System.Diagnostics;
using System.Text;

namespace Edna.Harness;

/// <summary>
/// A process under test. It cannot outlive the tests: a shell around it reads from a pipe that ends with the test process,
/// however that ends, and then kills it.
/// </summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private const string Guarded = """
        exec 3<&0
        "$@" </dev/null 3<&- &
        child=$!
        echo "$child"
        (read -r _ <&3; kill -9 "$child") >/dev/null 2>&1 &
        guard=$!
        exec 3<&-
        wait "$child"
        code=$?
        kill "$guard" 2>/dev/null
        exit $code
        """;

    private readonly Process _shell;
    private readonly StringBuilder _log = new();
    private readonly TaskCompletionSource<int> _pid = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ChildProcess(Process shell) => _shell = shell;

    /// <summary>What it has written so far, both streams.</summary>
    public string Log
    {
        get
        {
            lock (_log) return _log.ToString();
        }
    }

    public bool HasExited => _shell.HasExited;

    public int Pid => _pid.Task.Result;

    public static async Task<ChildProcess> StartAsync(
        IReadOnlyList<string> command, IReadOnlyDictionary<string, string?> environment, string folder, CancellationToken ct)
    {
        var start = new ProcessStartInfo("bash", ["-c", Guarded, "guarded", .. command])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder,
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var child = new ChildProcess(new Process { StartInfo = start });
        child._shell.OutputDataReceived += (_, line) => child.Take(line.Data);
        child._shell.ErrorDataReceived += (_, line) => child.Note(line.Data);
        child._shell.Start();
        child._shell.BeginOutputReadLine();
        child._shell.BeginErrorReadLine();
        await child._pid.Task.WaitAsync(ct);
        return child;
    }

    /// <summary>Sends a signal to the process itself.</summary>
    public async Task SignalAsync(string signal, CancellationToken ct)
    {
        using var kill = Process.Start("kill", ["-s", signal, Pid.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(ct);
    }

    /// <summary>Its exit code, once it has ended and everything it wrote has been taken.</summary>
    public async Task<int> WaitAsync(CancellationToken ct)
    {
        await _shell.WaitForExitAsync(ct);
        return _shell.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        _shell.StandardInput.Close();
        await _shell.WaitForExitAsync(CancellationToken.None);
        _shell.Dispose();
    }

    private void Take(string? line)
    {
        if (!_pid.Task.IsCompleted && int.TryParse(line, out var pid)) _pid.SetResult(pid);
        else Note(line);
    }

    private void Note(string? line)
    {
        if (line is null) return;
        lock (_log) _log.AppendLine(line);
    }
}
