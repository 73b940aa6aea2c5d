using System.Net;
using Xunit;

namespace Edna.Gateway.Tests.Jobs;

public sealed class PurgeJobTests(RunningGateway gateway)
{
    [Fact]
    public async Task A_purge_is_a_job_that_can_be_watched_to_its_end_and_not_be_cancelled()
    {
        var dataset = await gateway.NewDatasetAsync();
        await gateway.NewAvailableItemAsync(dataset);
        using var writer = await gateway.WithNewKeyAsync("write");
        using var forbidden = await writer.DeleteAsync($"{dataset}?purge=true");
        await forbidden.ShouldBeProblemAsync(403, "auth.forbidden");
        using var unclear = await gateway.Admin.DeleteAsync($"{dataset}?purge=yes");
        await unclear.ShouldNameAsync("request.invalid", "purge");

        using var started = await gateway.Admin.DeleteAsync($"{dataset}?purge=true");
        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
        var job = started.Headers.Location!.ToString();
        Assert.Equal(job, $"/v1/jobs/{(await started.ReadAsync()).GetProperty("id").GetString()}");
        using var cancelled = await gateway.Admin.DeleteAsync(job);
        await cancelled.ShouldBeProblemAsync(409, "job.not_cancellable");
        using var unknown = await gateway.Admin.DeleteAsync("/v1/jobs/nothing");
        await unknown.ShouldBeProblemAsync(404, "job.not_found");

        // Each look is the service's own word; the runner's timeout is the bound.
        while ((await gateway.Admin.GetJsonAsync(job)).GetProperty("status").GetString() == "running") await Task.Delay(20, TestContext.Current.CancellationToken);
        Assert.Equal("succeeded", (await gateway.Admin.GetJsonAsync(job)).GetProperty("status").GetString());
        using var gone = await gateway.Admin.GetAsync(dataset);
        await gone.ShouldBeProblemAsync(404, "dataset.not_found");
    }
}
