using Edna.Harness;
using Xunit;

namespace Edna.Deploy.Tests.Containers;

/// <summary>docker-compose.yml started without containers, in the order that it says, and used.</summary>
[Collection(ManyProcesses.Name)]
public sealed class ComposeRunTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Timeout = 240_000)]
    public async Task What_the_file_starts_takes_files_in_finds_them_and_stops_when_it_is_told()
    {
        await using var compose = await ComposeNatively.CreateAsync(TestContext.Current.CancellationToken);
        var (code, log) = await compose.RunAsync("tables", Ct);
        Assert.True(code == 0, log);
        (code, log) = await compose.RunAsync("bucket", Ct);
        Assert.True(code == 0, log);
        Assert.NotEqual(0, (await compose.IsHealthyAsync("silo-1", Ct)).Code);
        await compose.StartAsync("silo-1", Ct);
        await compose.StartAsync("silo-2", Ct);
        await compose.StartAsync("gateway", Ct);

        using var admin = new Walk(compose.Gateway, compose.AdminKey, "composed");
        await admin.MakeDatasetAsync();
        var told = await admin.AnnounceAsync("told/cat.bin");
        await Walk.SendAsync(told);
        await admin.CompleteAsync(told);
        // Nobody tells EDNA of this one but the store's event.
        var silent = await admin.AnnounceAsync("silent/dog.bin");
        await Walk.SendAsync(silent);
        await compose.Sqs.SendMessageAsync(compose.QueueUrl, Walk.EventOf(compose.Bucket, silent), Ct);

        Assert.Equal("available", await Eventually.GetAsync(() => admin.StatusAsync(silent), status => status == "available", Ct));
        Assert.Equal(2, await Eventually.GetAsync(admin.FoundAsync, found => found == 2, Ct));
        using var somebody = new Walk(compose.Gateway, await Walk.TokenAsync("edna"), "composed");
        Assert.Equal("available", await somebody.StatusAsync(told));
        foreach (var (service, port) in ComposeTests.Targets().Select(target => (target.Split(':')[0], int.Parse(target.Split(':')[1], null))))
        {
            using var metrics = await admin.Client.GetAsync(new Uri($"http://127.0.0.1:{compose.PortOf(service, port)}/metrics"), Ct);
            Assert.Contains("# TYPE ", await metrics.EnsureSuccessStatusCode().Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        }

        var logs = new Dictionary<string, string>();
        foreach (var service in new[] { "gateway", "silo-2", "silo-1" })
        {
            (code, logs[service]) = await compose.StopAsync(service, Ct);
            Assert.True(code == 0, $"{service}: {code}\n{logs[service]}");
        }
        Assert.Contains("\"action\":\"POST /v1/datasets\"", logs["gateway"], StringComparison.Ordinal);
    }
}
