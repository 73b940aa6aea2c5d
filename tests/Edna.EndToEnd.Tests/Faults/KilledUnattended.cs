using Edna.Client;
using Edna.Harness;
using Xunit;

namespace Edna.Faults;

/// <summary>For each thing that happens to an item without its client, EDNA is killed between each pair of the steps that it takes.</summary>
public sealed class KilledUnattended
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Timeout = 600_000)]
    public async Task What_an_event_or_the_clock_brings_about_is_done_after_a_kill_between_any_two_steps()
    {
        await using var host = await UnattendedHost.StartAsync(Ct);
        var run = new KillRun<Unattended>(host.Edna, host.At, client => new(client, host, Ct), Ct);
        await run.RunAsync(Unattended.All);
        await Wholeness.ShouldHoldAsync(host.Edna, host.Bucket.Settings(), Ct);
    }

    [Fact(Timeout = 240_000)]
    public async Task Parts_that_were_opened_before_the_first_row_of_a_dataset_are_given_up_without_anybody_asking()
    {
        await using var host = await UnattendedHost.StartAsync(Ct);
        using var once = host.Edna.NewClient(new EdnaClientOptions { RetryFor = TimeSpan.Zero });
        host.DieBefore("IItemTable.WriteAsync");
        var parts = new CreateItem { Path = "a", ContentType = "x/y", Size = 9 << 20, Multipart = true };
        await Assert.ThrowsAsync<EdnaException>(() => once.CreateItemAsync(UnattendedHost.Dataset, parts, Ct));
        await host.Edna.WaitForExitAsync(Ct);
        File.Delete(host.At);
        Assert.Single(await host.Bucket.ListMultipartsAsync(Ct));
        host.PassDeadline();
        await host.Edna.StartAgainAsync(Ct);
        Assert.Empty(await Eventually.GetAsync(() => host.Bucket.ListMultipartsAsync(Ct), open => open.Count == 0, Ct));
        using var client = host.Edna.NewClient();
        Assert.Empty(await client.ListItemsAsync(UnattendedHost.Dataset, ct: Ct).ToListAsync(Ct));
        await Wholeness.ShouldHoldAsync(host.Edna, host.Bucket.Settings(), Ct);
    }
}
