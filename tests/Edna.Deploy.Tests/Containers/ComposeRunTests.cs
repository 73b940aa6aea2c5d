using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Edna.Harness;
using Xunit;

namespace Edna.Deploy.Tests.Containers;

/// <summary>docker-compose.yml started without containers, in the order that it says, and used.</summary>
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

        using var admin = ClientOf(compose, compose.AdminKey);
        (await admin.PostAsJsonAsync("v1/datasets", new { name = "composed" }, Ct)).EnsureSuccessStatusCode();
        var told = await AnnounceAsync(admin, "told/cat.bin");
        await SendAsync(told);
        (await admin.PostAsync($"{told.Address}/upload/complete", null, Ct)).EnsureSuccessStatusCode();
        // Nobody tells EDNA of this one but the store's event.
        var silent = await AnnounceAsync(admin, "silent/dog.bin");
        await SendAsync(silent);
        await compose.Sqs.SendMessageAsync(compose.QueueUrl, EventOf(compose.Bucket, silent), Ct);

        Assert.Equal("available", await Eventually.GetAsync(() => StatusAsync(admin, silent), status => status == "available", Ct));
        Assert.Equal(2, await Eventually.GetAsync(() => FoundAsync(admin), found => found == 2, Ct));
        using var somebody = ClientOf(compose, await TokenAsync());
        Assert.Equal("available", await StatusAsync(somebody, told));
        foreach (var (service, port) in ComposeTests.Targets().Select(target => (target.Split(':')[0], int.Parse(target.Split(':')[1], null))))
        {
            using var metrics = await admin.GetAsync(new Uri($"http://127.0.0.1:{compose.PortOf(service, port)}/metrics"), Ct);
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

    private static HttpClient ClientOf(ComposeNatively compose, string token)
    {
        var client = new HttpClient { BaseAddress = compose.Gateway };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    private static async Task<Announced> AnnounceAsync(HttpClient client, string path)
    {
        var bytes = RandomNumberGenerator.GetBytes(2_000);
        using var answer = await client.PostAsJsonAsync("v1/datasets/composed/items", new { path, contentType = "application/octet-stream", size = bytes.Length }, Ct);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Ct));
        return new(answer.Headers.Location!.ToString(), bytes, (await answer.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("upload"));
    }

    private static async Task SendAsync(Announced item)
    {
        using var client = new HttpClient();
        using var put = new HttpRequestMessage(HttpMethod.Put, item.Upload.GetProperty("url").GetString()) { Content = new ByteArrayContent(item.Bytes) };
        foreach (var header in item.Upload.GetProperty("headers").EnumerateObject())
        {
            if (!put.Headers.TryAddWithoutValidation(header.Name, header.Value.GetString())) put.Content.Headers.TryAddWithoutValidation(header.Name, header.Value.GetString());
        }
        using var answer = await client.SendAsync(put, Ct);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Ct));
    }

    private static string EventOf(string bucket, Announced item) => JsonSerializer.Serialize(new
    {
        Records = new[]
        {
            new
            {
                eventSource = "aws:s3", eventName = "ObjectCreated:Put", eventTime = "2026-11-23T00:00:00.000Z",
                s3 = new { bucket = new { name = bucket }, @object = new { key = KeyOf(bucket, item), size = item.Bytes.Length, sequencer = "0A" } },
            },
        },
    });

    /// <summary>The object's key, as the signed address has it.</summary>
    private static string KeyOf(string bucket, Announced item) => new Uri(item.Upload.GetProperty("url").GetString()!).AbsolutePath[(bucket.Length + 2)..];

    private static async Task<string?> StatusAsync(HttpClient client, Announced item) => (await client.GetFromJsonAsync<JsonElement>(item.Address, Ct)).GetProperty("status").GetString();

    private static async Task<int> FoundAsync(HttpClient client)
    {
        using var answer = await client.PostAsJsonAsync("v1/search", new { datasets = new[] { "composed" }, filter = new { status = new[] { "available" } } }, Ct);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Ct));
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("total").GetInt32();
    }

    private static async Task<string> TokenAsync()
    {
        using var client = new HttpClient();
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["grant_type"] = "client_credentials", ["scope"] = "read", ["aud"] = "edna", ["client_id"] = "test", ["client_secret"] = "test" });
        using var answer = await client.PostAsync($"{ComposeNatively.Server("EDNA_TEST_OIDC_ISSUER").TrimEnd('/')}/token", form, Ct);
        return (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("access_token").GetString()!;
    }

    private sealed record Announced(string Address, byte[] Bytes, JsonElement Upload);
}
