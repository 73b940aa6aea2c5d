using Edna.Client;
using Edna.Harness;
using Xunit;

namespace Edna.Hosting;

public sealed class DemoRun
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Timeout = 180_000)]
    public async Task The_demo_does_the_whole_job_and_again_after_a_restart_with_nothing_left_to_do()
    {
        await using var edna = await EdnaProcess.StartAsync(arguments: ["--demo"], ct: Ct);
        var first = await EndOfDemoAsync(edna);
        Assert.Contains("300 uploaded by signed URL and confirmed, 0 there already; 300 labelled", first);
        Assert.Contains("300 compared, every byte as it was sent", first);

        Assert.Equal(0, await edna.TerminateAsync(Ct));
        await edna.StartAgainAsync(Ct);
        var second = await EndOfDemoAsync(edna);

        Assert.Contains("0 uploaded by signed URL and confirmed, 300 there already; 0 labelled, 300 labelled already", second);
        Assert.Contains("0 fetched by signed URL, 300 here already", second);
        using var client = edna.NewClient();
        Assert.Equal(300, (await client.ListItemsAsync("demo-shapes", new ItemQuery { Status = ItemStatuses.Available, Limit = 1000 }, Ct).ToListAsync(Ct)).Count);
    }

    private static async Task<string> EndOfDemoAsync(EdnaProcess edna)
    {
        var log = await Eventually.GetAsync(
            () => Task.FromResult(edna.Log), l => l.Contains("in a browser", StringComparison.Ordinal) || l.Contains("The demo failed", StringComparison.Ordinal), Ct);
        Assert.DoesNotContain("The demo failed", log);
        return log;
    }
}
