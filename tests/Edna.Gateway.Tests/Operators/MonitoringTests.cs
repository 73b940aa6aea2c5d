using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Xunit;

namespace Edna.Gateway.Tests.Operators;

/// <summary>
/// What a process of its own tells a scraper, and that dashboard and alert rules ask for nothing else. In this process other gateways come and go, and with them
/// the instruments that they share with the one under test.
/// </summary>
public sealed partial class MonitoringTests : IDisposable
{
    /// <summary>Told only by a process that has talked to AWS: what throttles are called is tested with the adapters.</summary>
    private static readonly string[] ToldOnAws = ["edna_aws_throttles_total"];

    private readonly string directory = Directory.CreateTempSubdirectory("edna-process-").FullName;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_metric_that_dashboard_and_alerts_ask_for_is_told()
    {
        using var gateway = Start();
        try
        {
            using var client = await ClientAsync(gateway);
            await WorkAsync(client);
            string told;
            do told = await client.GetStringAsync("/metrics", Ct);
            while (!told.Contains("http_client_request_duration", StringComparison.Ordinal));
            Assert.Matches("""(?m)^edna_changes_total\{[^}]*kind="available"[^}]*\} 1""", told);
            Assert.Matches("""(?m)^edna_changes_total\{[^}]*code="upload.aborted"[^}]*kind="failed"[^}]*\} 1""", told);
            Assert.Matches("""(?m)^edna_table_duration_seconds_count\{[^}]*operation="write[^}]*outcome="ok"[^}]*\} [1-9]""", told);
            // The alert for slow requests leaves out those that wait.
            Assert.Matches("""(?m)^http_server_request_duration_seconds_count\{.*waits="yes"\} 1""", told);
            // The one that nobody takes.
            Assert.Matches("""(?m)^edna_webhooks_waiting\{?[^}]*\}? [1-9]""", told);
            foreach (var file in (string[])["dashboard.json", "alerts.yml"])
            {
                var asked = MetricNames().Matches(await File.ReadAllTextAsync(Path.Combine(Root(), "deploy", "monitoring", file), Ct)).Select(match => match.Value).Distinct().ToList();
                Assert.NotEmpty(asked);
                Assert.All(asked.Except(ToldOnAws), name => Assert.Matches($"(?m)^{name}[{{ ]", told));
            }
        }
        finally
        {
            gateway.Kill();
            await gateway.WaitForExitAsync(CancellationToken.None);
        }
    }

    [Fact]
    public async Task The_runbook_says_of_every_alert_what_to_do_and_of_no_other()
    {
        var alerts = AlertNames().Matches(await File.ReadAllTextAsync(Path.Combine(Root(), "deploy", "monitoring", "alerts.yml"), Ct)).Select(match => match.Groups[1].Value).ToList();
        var runbook = await File.ReadAllTextAsync(Path.Combine(Root(), "docs", "operations.md"), Ct);
        Assert.NotEmpty(alerts);
        Assert.Equal(alerts.Order(), AnswerNames().Matches(runbook[runbook.IndexOf("## Alerts", StringComparison.Ordinal)..]).Select(match => match.Groups[1].Value).Order());
    }

    public void Dispose() => Directory.Delete(directory, recursive: true);

    /// <summary>Does a bit of everything that is measured.</summary>
    private static async Task WorkAsync(HttpClient client)
    {
        (await client.PostAsJsonAsync("/v1/datasets", new { name = "demo" }, Ct)).EnsureSuccessStatusCode();
        // For what is told of outgoing requests: nobody takes these.
        (await client.PostAsJsonAsync("/v1/datasets/demo/webhooks", new { url = new Uri(client.BaseAddress!, "/nowhere") }, Ct)).EnsureSuccessStatusCode();
        using (var made = await client.PostAsJsonAsync("/v1/datasets/demo/items", new { path = "a.txt", contentType = "text/plain", size = 5 }, Ct))
        {
            var upload = new PlannedUpload(made.Headers.Location!.ToString(), (await made.ReadAsync()).GetProperty("upload"));
            (await upload.SendAsync("hello"u8.ToArray())).EnsureSuccessStatusCode();
            (await client.PostAsync($"{upload.Item}/upload/complete", null, Ct)).EnsureSuccessStatusCode();
            (await client.GetAsync($"{upload.Item}?wait=available", Ct)).EnsureSuccessStatusCode();
        }
        using (var made = await client.PostAsJsonAsync("/v1/datasets/demo/items", new { path = "b.txt", contentType = "text/plain", size = 5 }, Ct))
            (await client.DeleteAsync($"{made.Headers.Location}/upload", Ct)).EnsureSuccessStatusCode();
        using var waits = client.GetAsync("/v1/datasets/demo/changes?since=now&wait=1", Ct);
        while ((await client.PostAsJsonAsync("/v1/search", new { query = "txt", filter = new { status = (string[])["available"] } }, Ct)) is { } found
            && (await found.ReadAsync()).GetProperty("total").GetInt64() == 0) await Task.Delay(20, Ct);
        await waits;
    }

    private async Task<HttpClient> ClientAsync(Process gateway)
    {
        while (await gateway.StandardOutput.ReadLineAsync(Ct) is { } line)
        {
            if (Ready().Match(line) is not { Success: true } ready) continue;
            var key = (await File.ReadAllTextAsync(Path.Combine(directory, ".edna", "admin.key"), Ct)).Trim();
            return new() { BaseAddress = new(ready.Groups[1].Value), DefaultRequestHeaders = { Authorization = new("Bearer", key) } };
        }
        throw new InvalidOperationException(await gateway.StandardError.ReadToEndAsync(Ct));
    }

    private Process Start()
    {
        var start = new ProcessStartInfo("dotnet") { WorkingDirectory = directory, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])[typeof(Edna.Hosting.StartBanner).Assembly.Location, "--urls=http://127.0.0.1:0", "--Edna:Webhooks:AllowHttp=true", "--Edna:Webhooks:AllowedNetworks:0=127.0.0.0/8"]) start.ArgumentList.Add(argument);
        start.Environment.Remove("EDNA_DATA");
        start.Environment.Remove("EDNA_ADMIN_KEY");
        return Process.Start(start)!;
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Edna.sln"))) folder = Path.GetDirectoryName(folder.TrimEnd(Path.DirectorySeparatorChar)) ?? throw new InvalidOperationException("Edna.sln is nowhere above.");
        return folder;
    }

    [GeneratedRegex(@"\b(edna|orleans|http_server|http_client|dotnet)_[a-z_]+")]
    private static partial Regex MetricNames();

    [GeneratedRegex(@"alert: (\w+)")]
    private static partial Regex AlertNames();

    [GeneratedRegex(@"(?m)^\| `(\w+)` \| \S")]
    private static partial Regex AnswerNames();

    [GeneratedRegex("ready at (http://[^ ]+)")]
    private static partial Regex Ready();
}
