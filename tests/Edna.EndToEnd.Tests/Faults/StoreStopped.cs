using System.Security.Cryptography;
using Edna.Client;
using Edna.Harness;
using Xunit;

namespace Edna.Faults;

/// <summary>The store stops in the middle of a push, as a process does that is stopped: it takes connections and says nothing.</summary>
public sealed class StoreStopped
{
    private const int Files = 300;
    private const int LargeBytes = 68 << 20;
    private const int WithinFiles = 400_000;
    private const int WithinParts = 30 << 20;
    private const string Large = "000 large.bin";

    /// <summary>How long the store says nothing; twenty seconds with <c>./test.sh --soak</c>.</summary>
    private static readonly TimeSpan Stopped = TimeSpan.FromSeconds(Soak.IsOn ? 20 : 3);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Timeout = 300_000)]
    public async Task A_push_goes_on_and_loses_nothing_when_the_store_stops_in_the_middle_of_it()
    {
        await using var bucket = await CephBucket.CreateAsync(Ct);
        await using var gate = new TcpGate(bucket.Endpoint);
        await using var edna = await EdnaProcess.StartAsync(bucket.Settings(gate.Address), ct: Ct);
        using var client = edna.NewClient(new EdnaClientOptions { RetryFor = TimeSpan.FromSeconds(90) });
        await client.CreateDatasetAsync(new CreateDataset { Name = "stopped" }, Ct);
        using var folder = new TempFolder();
        foreach (var i in Enumerable.Range(0, Files)) await File.WriteAllBytesAsync(folder.At($"{i:d3}.bin"), RandomNumberGenerator.GetBytes(2_000 + i), Ct);
        await File.WriteAllBytesAsync(folder.At(Large), RandomNumberGenerator.GetBytes(LargeBytes), Ct);

        // Once in the middle of the small files and once in the middle of the parts: the parts wait for the small files' turns.
        var first = gate.FallSilentAfterAsync(WithinFiles);
        var push = client.PushAsync(folder.Path, "stopped", new PushOptions(), null, Ct);
        await StoppedAsync(first, push, gate);
        Assert.InRange((await bucket.ListAsync(Ct)).Count(k => k.Contains("/items/", StringComparison.Ordinal)), 1, Files - 1);
        Assert.Single(await bucket.ListMultipartsAsync(Ct));
        var second = gate.FallSilentAfterAsync(WithinParts);
        gate.SpeakAgain();
        await StoppedAsync(second, push, gate);
        Assert.Single(await bucket.ListMultipartsAsync(Ct));
        gate.SpeakAgain();

        var result = await push;
        Assert.Empty(result.Failures);
        Assert.Equal(Files + 1, result.Uploaded + result.Unchanged);
        var pulled = await client.PullAsync("stopped", folder.At("pulled"), ct: Ct);
        Assert.Equal((Files + 1, 0), (pulled.Downloaded, pulled.Failures.Count));
        foreach (var file in Directory.EnumerateFiles(folder.Path))
            Assert.Equal(await HashAsync(file), await HashAsync(Path.Combine(folder.At("pulled"), Path.GetFileName(file))));
        Assert.Empty(await bucket.ListMultipartsAsync(Ct));
        await Wholeness.ShouldHoldAsync(edna, bucket.Settings(gate.Address), Ct);
    }

    private static async Task<string> HashAsync(string file)
    {
        await using var bytes = File.OpenRead(file);
        return Convert.ToHexString(await SHA256.HashDataAsync(bytes, Ct));
    }

    private static async Task StoppedAsync(Task silent, Task push, TcpGate gate)
    {
        await Task.WhenAny(silent, push);
        Assert.True(silent.IsCompleted, "The push ended before the store stopped.");
        await Task.Delay(Stopped, Ct);
        Assert.False(push.IsCompleted);
        Assert.True(gate.HeldBack > 0, "Nothing was under way while the store was stopped.");
    }
}
