using System.Text.RegularExpressions;
using Edna.Harness;
using Xunit;

namespace Edna.Hosting;

public sealed partial class FirstStart
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task The_first_start_prints_the_keys_place_and_three_curl_lines_that_work_as_printed()
    {
        await using var edna = await EdnaProcess.StartAsync(ct: Ct);
        var log = await Eventually.GetAsync(() => Task.FromResult(edna.Log), l => CurlLines(l).Length >= 3, Ct);

        var folder = Path.GetDirectoryName(edna.DataDirectory)!; // Where it was started, and where a user would paste the lines.
        Assert.True(log.Contains(Path.Combine(edna.DataDirectory, "admin.key"), StringComparison.Ordinal)
            || log.Contains(Path.GetRelativePath(folder, Path.Combine(edna.DataDirectory, "admin.key")), StringComparison.Ordinal), log);
        var lines = CurlLines(log);
        Assert.True(lines.Length >= 3, $"Fewer than three curl lines:\n{log}");
        foreach (var line in lines)
        {
            var (code, output) = await Shell.RunAsync(WithFail(line), folder, new Dictionary<string, string?>(), Ct);
            Assert.True(code == 0, $"{line}\n{output}");
        }
    }

    [Fact(Timeout = 120_000)]
    public async Task The_key_file_is_the_owners_alone_and_stays_the_same_over_restarts()
    {
        await using var edna = await EdnaProcess.StartAsync(ct: Ct);
        var key = edna.Key;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(edna.DataDirectory, "admin.key")));

        await edna.TerminateAsync(Ct);
        await edna.StartAgainAsync(Ct);

        Assert.Equal(key, edna.Key);
        using var http = edna.NewHttp();
        Assert.True((await http.GetAsync("v1/datasets", Ct)).IsSuccessStatusCode);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_second_process_on_the_same_data_directory_refuses_and_says_why()
    {
        await using var edna = await EdnaProcess.StartAsync(ct: Ct);

        var second = await Assert.ThrowsAsync<InvalidOperationException>(() => EdnaProcess.StartAsync(dataDirectory: edna.DataDirectory, ct: Ct));

        Assert.Contains(edna.DataDirectory, second.Message);
        Assert.DoesNotContain("   at ", second.Message); // A sentence, not a stack trace.
        using var http = edna.NewHttp();
        Assert.True((await http.GetAsync("health/ready", Ct)).IsSuccessStatusCode);
    }

    [Fact(Timeout = 120_000)]
    public async Task Started_by_dotnet_run_it_keeps_its_data_in_the_folder_that_the_user_is_in()
    {
        using var folder = new TempFolder();
        var configuration = new FileInfo(Programs.Gateway).Directory!.Parent!.Name;
        await using var run = await ChildProcess.StartAsync(
            ["dotnet", "run", "--no-build", "-c", configuration, "--project", Path.Combine(Programs.Root, "src", "Edna.Gateway"), "--", "--urls", $"http://127.0.0.1:{Ports.Free()}"],
            new Dictionary<string, string?> { ["EDNA_DATA"] = null, ["EDNA_ADMIN_KEY"] = null }, folder.Path, Ct);
        try
        {
            await Eventually.GetAsync(() => Task.FromResult(run.Log), l => CurlLines(l).Length >= 3 || run.HasExited, Ct);
            Assert.True(File.Exists(folder.At(".edna/admin.key")), run.Log);
        }
        finally
        {
            // Passed on to the program that it runs, which a kill would leave behind.
            await run.SignalAsync("TERM", Ct);
            await run.WaitAsync(Ct);
        }
    }

    // Without -f curl is content with a 401.
    private static string WithFail(string line) => CurlWord().Replace(line, "curl -f -sS ", 1);

    private static string[] CurlLines(string log) => [.. log.Split('\n').Select(l => l.Trim()).Where(l => l.StartsWith("curl ", StringComparison.Ordinal))];

    [GeneratedRegex(@"\bcurl ")]
    private static partial Regex CurlWord();
}
