using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Edna.Client;
using Edna.Harness;
using Xunit;

namespace Edna.Events;

/// <summary>A real store that tells the gateway itself what arrived.</summary>
public sealed class CephEvents
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Timeout = 240_000)]
    public async Task A_client_that_never_completes_sees_its_items_available_once_the_store_has_told()
    {
        await using var bucket = await CephBucket.CreateAsync(Ct);
        await using var edna = await EdnaProcess.StartAsync(bucket.Settings(), ct: Ct);
        using var client = edna.NewClient();
        using var http = edna.NewHttp();
        await client.CreateDatasetAsync(new CreateDataset { Name = "told" }, Ct);
        await bucket.NotifyAsync($"{edna.Address}v1/callbacks/s3?key={CallbackKey(edna)}", edna.DataDirectory, Ct);

        var files = Enumerable.Range(0, 40).Select(i => ($"ä b+c/{i} %41.txt", Encoding.UTF8.GetBytes($"file {i}"))).ToArray();
        var ids = await client.SendWithoutCompletingAsync("told", files, Ct);
        for (var i = 0; i < ids.Count; i++)
        {
            var item = await http.GetFromJsonAsync<JsonElement>($"v1/datasets/told/items/{ids[i]}?wait=available&timeout=30&include=downloadUrl", Ct);
            Assert.Equal(("available", files[i].Item1), (item.GetProperty("status").GetString(), item.GetProperty("path").GetString()));
            using var anybody = new HttpClient();
            Assert.Equal(files[i].Item2, await anybody.GetByteArrayAsync(item.GetProperty("downloadUrl").GetString(), Ct));
        }
        var changes = await http.GetFromJsonAsync<JsonElement>("v1/datasets/told/changes?limit=1000", Ct);
        var available = changes.GetProperty("changes").EnumerateArray().Where(c => c.GetProperty("kind").GetString() == "available").ToArray();
        Assert.Equal(40, available.Length);
        Assert.All(available, c => Assert.Equal("store", c.GetProperty("by").GetString()));
    }

    [Fact(Timeout = 240_000)]
    public async Task Events_that_the_gateway_was_not_there_for_are_made_up_for_by_completing()
    {
        await using var bucket = await CephBucket.CreateAsync(Ct);
        await using var edna = await EdnaProcess.StartAsync(bucket.Settings(), ct: Ct);
        using var client = edna.NewClient();
        await client.CreateDatasetAsync(new CreateDataset { Name = "lost" }, Ct);
        await bucket.NotifyAsync($"http://127.0.0.1:{Ports.Free()}/nobody", edna.DataDirectory, Ct);
        var ids = await client.SendWithoutCompletingAsync("lost", [("a.txt", "hello"u8.ToArray())], Ct);
        using var http = edna.NewHttp();
        Assert.Equal("pending", (await http.GetFromJsonAsync<JsonElement>($"v1/datasets/lost/items/{ids[0]}", Ct)).GetProperty("status").GetString());
        using var completed = await http.PostAsync($"v1/datasets/lost/items/{ids[0]}/upload/complete", null, Ct);
        Assert.True(completed.IsSuccessStatusCode);
    }

    private static string CallbackKey(EdnaProcess edna) => File.ReadAllText(Path.Combine(edna.DataDirectory, "callback.key")).Trim();
}
