using System.Diagnostics;
using System.Text;
using Xunit;

namespace Edna.Gateway.Tests.Hosting;

/// <summary>The program as a user starts it: what it prints, how it stops, and how it refuses to start.</summary>
public sealed class ProcessTests : IDisposable
{
    private const int SigTerm = 15;
    private readonly string directory = Directory.CreateTempSubdirectory("edna-process-").FullName;

    [Fact]
    public async Task The_lines_it_prints_to_try_work_as_printed_and_sigterm_ends_it_with_0()
    {
        using var gateway = Start("--urls=http://127.0.0.1:0");
        var lines = new List<string>();
        while (lines.Count(l => l.TrimStart().StartsWith("curl ", StringComparison.Ordinal)) < 3)
            lines.Add(await gateway.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) ?? throw new InvalidOperationException(string.Join('\n', lines)));
        Assert.Contains(lines, l => l.Contains("made just now: edna_", StringComparison.Ordinal));
        foreach (var line in lines.Where(l => l.TrimStart().StartsWith("curl ", StringComparison.Ordinal)))
        {
            using var curl = Process.Start(new ProcessStartInfo("/bin/sh") { ArgumentList = { "-c", line + " -sS --fail-with-body" }, WorkingDirectory = directory, RedirectStandardOutput = true, RedirectStandardError = true })!;
            var output = await curl.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await curl.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.True(curl.ExitCode == 0, $"{line}\n{output}");
        }
        using var kill = Process.Start("kill", [$"-{SigTerm}", $"{gateway.Id}"]);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        await gateway.WaitForExitAsync(patience.Token);
        Assert.Equal(0, gateway.ExitCode);
    }

    [Theory]
    [InlineData("Edna:Silo:CoHosted", "perhaps")]
    [InlineData("Edna:Objects:Provider", "Tape")]
    [InlineData("Edna:Auth:Jwt:Authority", "not an address")]
    [InlineData("Edna:Auth:Jwt:Audience", "edna")]
    [InlineData("Edna:Uploads:UrlLifetime", "soon")]
    [InlineData("Edna:Uploads:SweepInterval", "01:00:01")]
    [InlineData("Edna:Uploads:OrphanInterval", "00:00:59")]
    [InlineData("Edna:Datasets:TrashRetentionDays", "36501")]
    [InlineData("Edna:Changes:Retention", "00:59:59")]
    [InlineData("EDNA_ADMIN_KEY", "edna_short")]
    public async Task A_wrong_setting_stops_it_with_the_key_and_the_reason_and_no_stack_trace(string key, string value)
    {
        using var gateway = Start("--urls=http://127.0.0.1:0", $"--{key}={value}");
        var (output, error) = (gateway.StandardOutput.ReadToEndAsync(), gateway.StandardError.ReadToEndAsync());
        await gateway.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1, gateway.ExitCode);
        Assert.Contains(key, await error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", await error + await output, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(directory, recursive: true);

    private Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = directory, RedirectStandardOutput = true, RedirectStandardError = true, StandardOutputEncoding = Encoding.UTF8,
        };
        start.ArgumentList.Add(typeof(Edna.Hosting.StartBanner).Assembly.Location);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        start.Environment.Remove("EDNA_DATA");
        start.Environment.Remove("EDNA_ADMIN_KEY");
        return Process.Start(start)!;
    }
}
