using Edna.Silo.Tests.Cluster;
using Xunit;

namespace Edna.Silo.Tests.Webhooks;

public sealed class MovedTests(EdnaCluster edna) : IClassFixture<EdnaCluster>
{
    [Fact]
    public async Task A_late_410_of_the_former_address_leaves_the_new_one_on()
    {
        var late = new TaskCompletionSource<Reply>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var former = new Receiver(_ => late.Task);
        await using var moved = new Receiver(_ => Task.FromResult(new Reply(200)));
        var dataset = await edna.CreateDatasetAsync();
        var grain = edna.Webhook(dataset, (await edna.CreateWebhookAsync(dataset, new() { Url = former.Url })).Id);
        var test = grain.TestAsync();
        await Eventually.IsTrueAsync(() => former.Messages.Count == 1);
        await EdnaCluster.Good(grain.PatchAsync(new($$"""{"url": "{{moved.Url}}"}""")));
        late.SetResult(new Reply(410));
        Assert.Equal(410, (await EdnaCluster.Good(test)).Answer!.Status);
        var webhook = await EdnaCluster.Good(grain.GetAsync());
        Assert.Equal((true, moved.Url), (webhook.Enabled, webhook.Url));
    }
}
