using System.Net;
using Edna.Client;
using Edna.Harness;
using Xunit;

namespace Edna.Hosting;

/// <summary>A process that is told to stop, behind a load balancer.</summary>
public sealed class Draining
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task It_says_that_it_is_not_ready_and_goes_on_taking_requests_before_it_ends()
    {
        var settings = new Dictionary<string, string?> { ["Edna__Shutdown__Timeout"] = "00:00:20", ["Edna__Shutdown__Drain"] = "00:00:05" };
        await using var edna = await EdnaProcess.StartAsync(settings, ct: Ct);
        using var http = edna.NewHttp();
        using var client = edna.NewClient();
        await edna.SignalTermAsync(Ct);

        var ready = await Eventually.GetAsync(() => http.GetAsync("health/ready", Ct), answer => answer.StatusCode == HttpStatusCode.ServiceUnavailable, Ct);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Contains("This process is being stopped.", await ready.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        await client.CreateDatasetAsync(new CreateDataset { Name = "late" }, Ct);
        Assert.Equal(0, await edna.WaitForExitAsync(Ct));

        await edna.StartAgainAsync(Ct);
        Assert.Equal("late", (await client.GetDatasetAsync("late", Ct)).Name);
    }
}
