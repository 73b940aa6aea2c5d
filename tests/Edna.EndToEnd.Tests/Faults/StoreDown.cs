using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Edna.Client;
using Edna.Harness;
using Xunit;

namespace Edna.Faults;

/// <summary>The store goes away and comes back while the gateway runs.</summary>
public sealed class StoreDown
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Timeout = 240_000)]
    public async Task Without_the_store_answers_are_503_with_Retry_After_and_all_is_well_once_it_is_back()
    {
        await using var bucket = await CephBucket.CreateAsync(Ct);
        await using var gate = new TcpGate(bucket.Endpoint);
        await using var edna = await EdnaProcess.StartAsync(bucket.Settings(gate.Address), ct: Ct);
        using var client = edna.NewClient();
        using var http = edna.NewHttp();
        await client.CreateDatasetAsync(new CreateDataset { Name = "down" }, Ct);
        var bytes = "twelve bytes"u8.ToArray();
        var plan = await client.CreateItemAsync("down", new CreateItem { Path = "a.txt", ContentType = "text/plain", Size = bytes.Length }, Ct);
        await UploadAsync(plan.Upload!, bytes);

        await gate.ShutAsync();
        var complete = $"v1/datasets/down/items/{plan.Item.Id}/upload/complete";
        using (var refused = await http.PostAsync(complete, null, Ct))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.True(refused.Headers.RetryAfter?.Delta > TimeSpan.Zero);
            var problem = await refused.Content.ReadFromJsonAsync<JsonElement>(Ct);
            Assert.Equal("service.unavailable", problem.GetProperty("code").GetString());
        }
        using (var listed = await http.GetAsync("v1/datasets/down/items", Ct)) Assert.Equal(HttpStatusCode.OK, listed.StatusCode);

        gate.Open();
        var item = await Eventually.GetAsync(async () =>
        {
            using var answer = await http.PostAsync(complete, null, Ct);
            return answer.IsSuccessStatusCode ? await answer.Content.ReadFromJsonAsync<JsonElement>(Ct) : default;
        }, answer => answer.ValueKind == JsonValueKind.Object, Ct);
        Assert.Equal(ItemStatuses.Available, item.GetProperty("status").GetString());
        using var ready = await http.GetAsync("health/ready", Ct);
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
    }

    private static async Task UploadAsync(Upload upload, byte[] bytes)
    {
        using var store = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Put, upload.Url) { Content = new ByteArrayContent(bytes) };
        foreach (var (name, value) in upload.Headers)
            if (!request.Headers.TryAddWithoutValidation(name, value)) request.Content.Headers.TryAddWithoutValidation(name, value);
        using var answer = await store.SendAsync(request, Ct);
        Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode} {await answer.Content.ReadAsStringAsync(Ct)}");
    }
}
