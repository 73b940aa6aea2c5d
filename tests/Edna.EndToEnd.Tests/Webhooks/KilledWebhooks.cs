using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Edna.Client;
using Edna.Harness;
using Edna.Silo.Tests.Webhooks;
using Xunit;

namespace Edna.Webhooks;

/// <summary>The process is killed between a change and its delivery.</summary>
public sealed class KilledWebhooks
{
    private const int Items = 200;

    private static readonly Dictionary<string, string?> Settings = new()
    {
        ["Edna__Webhooks__AllowHttp"] = "true", ["Edna__Webhooks__AllowedNetworks__0"] = "127.0.0.1/32", ["Edna__Webhooks__FirstPause"] = "00:00:00.2",
        // Not by its reminder: the start wakes it.
        ["Edna__Webhooks__LookInterval"] = "01:00:00",
    };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Timeout = 300_000)]
    public async Task No_change_is_lost_and_none_is_out_of_its_items_order()
    {
        // The first messages get no answer: when the process dies, some are under way, some wait, and the rest is in the feed.
        var silence = new TaskCompletionSource<Reply>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var receiver = new Receiver();
        receiver.Reply = m => receiver.Messages.Count <= 30 ? Task.FromResult(new Reply(200)) : silence.Task;
        await using var edna = await EdnaProcess.StartAsync(Settings, ct: Ct);
        using var client = edna.NewClient(new EdnaClientOptions { RetryFor = TimeSpan.FromSeconds(60) });
        using var http = edna.NewHttp();
        await client.CreateDatasetAsync(new CreateDataset { Name = "killed" }, Ct);
        using var made = await http.PostAsJsonAsync("v1/datasets/killed/webhooks", new { url = receiver.Url }, Ct);
        made.EnsureSuccessStatusCode();
        var webhook = await made.Content.ReadFromJsonAsync<JsonElement>(Ct);
        var secret = webhook.GetProperty("secret").GetString()!;

        var ids = await client.SendWithoutCompletingAsync("killed", [.. Enumerable.Range(0, Items).Select(i => ($"{i}.txt", Encoding.ASCII.GetBytes($"{i:d4}")))], Ct);
        using (var completed = await http.PostAsJsonAsync("v1/datasets/killed/items:complete", new { items = ids }, Ct)) completed.EnsureSuccessStatusCode();
        var before = (await Eventually.GetAsync(() => Task.FromResult(receiver.Messages), m => m.Count > 30, Ct)).Count;
        await edna.KillAsync(Ct);
        Assert.InRange(before, 31, 2 * Items - 1);

        receiver.Reply = _ => Task.FromResult(new Reply(200));
        silence.TrySetResult(new(500));
        await edna.StartAgainAsync(Ct);
        var feed = (await http.GetFromJsonAsync<JsonElement>("v1/datasets/killed/changes?limit=1000", Ct)).GetProperty("changes").EnumerateArray().ToArray();
        Assert.Equal(2 * Items, feed.Length);
        await Eventually.GetAsync(() => Task.FromResult(Cursors(receiver).Distinct().Count()), told => told == feed.Length, Ct);
        Assert.Equal(feed.Select(c => c.GetProperty("cursor").GetString()), Cursors(receiver).Distinct().Order(StringComparer.Ordinal));
        Assert.All(receiver.Messages, m => Assert.True(m.IsSignedBy(secret)));
        Assert.All(receiver.Messages.GroupBy(m => m.Id), same => Assert.Single(same.Select(m => Convert.ToBase64String(m.Body)).Distinct()));
        // Of each item, every revision comes first before any later one does.
        Assert.All(receiver.Messages.GroupBy(m => m.Item), item => Assert.Equal([1L, 2L], item.Select(m => m.Revision).Distinct()));
    }

    private static IEnumerable<string> Cursors(Receiver receiver) => receiver.Messages.Select(m => m.Data.GetProperty("cursor").GetString()!);
}
