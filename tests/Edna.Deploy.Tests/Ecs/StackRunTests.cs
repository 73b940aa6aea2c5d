using Edna.Harness;
using Xunit;

namespace Edna.Deploy.Tests.Ecs;

/// <summary>The tasks of deploy/ecs started without AWS, in the order that the template says, and used.</summary>
[Collection(ManyProcesses.Name)]
public sealed class StackRunTests(Synthesis synthesis)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Timeout = 240_000)]
    public async Task What_tasks_are_told_is_enough_to_take_a_file_in_and_find_it()
    {
        await using var stack = await StackNatively.CreateAsync(await synthesis.UsualAsync(), TestContext.Current.CancellationToken);
        await stack.StartAsync("silo", Ct);
        await stack.StartAsync("gateway", Ct);

        using var admin = new Walk(stack.Gateway, StackNatively.AdminKey, "deployed");
        await admin.MakeDatasetAsync();
        var told = await admin.AnnounceAsync("told/cat.bin");
        await Walk.SendAsync(told);
        await admin.CompleteAsync(told);
        var silent = await admin.AnnounceAsync("silent/dog.bin");
        await Walk.SendAsync(silent);
        await stack.Sqs.SendMessageAsync(stack.QueueUrl, Walk.EventOf(stack.Bucket, silent), Ct);

        using var somebody = new Walk(stack.Gateway, await Walk.TokenAsync("edna"), "deployed");
        Assert.Equal("available", await somebody.StatusAsync(told));
        Assert.Equal("available", await Eventually.GetAsync(() => somebody.StatusAsync(silent), status => status == "available", Ct));
        Assert.Equal(2, await Eventually.GetAsync(admin.FoundAsync, found => found == 2, Ct));
        foreach (var role in new[] { "gateway", "silo" })
        {
            var (code, log) = await stack.StopAsync(role, Ct);
            Assert.True(code == 0, $"{role}: {code}\n{log}");
        }
    }
}
