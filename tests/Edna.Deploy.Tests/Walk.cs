using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Edna.Deploy.Tests.Containers;
using Xunit;

namespace Edna.Deploy.Tests;

/// <summary>The first steps of a user, over HTTP alone.</summary>
internal sealed class Walk(Uri gateway, string token, string dataset) : IDisposable
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>A client with the token.</summary>
    public HttpClient Client { get; } = new() { BaseAddress = gateway, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };

    public async Task MakeDatasetAsync() => (await Client.PostAsJsonAsync("v1/datasets", new { name = dataset }, Ct)).EnsureSuccessStatusCode();

    public async Task<Announced> AnnounceAsync(string path)
    {
        var bytes = RandomNumberGenerator.GetBytes(2_000);
        using var answer = await Client.PostAsJsonAsync($"v1/datasets/{dataset}/items", new { path, contentType = "application/octet-stream", size = bytes.Length }, Ct);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Ct));
        return new(answer.Headers.Location!.ToString(), bytes, (await answer.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("upload"));
    }

    /// <summary>Sends the bytes to the store, as the announcement's answer says.</summary>
    public static async Task SendAsync(Announced item)
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

    public async Task CompleteAsync(Announced item) => (await Client.PostAsync($"{item.Address}/upload/complete", null, Ct)).EnsureSuccessStatusCode();

    public async Task<string?> StatusAsync(Announced item) => (await Client.GetFromJsonAsync<JsonElement>(item.Address, Ct)).GetProperty("status").GetString();

    /// <summary>How many items a search finds.</summary>
    public async Task<int> FoundAsync()
    {
        using var answer = await Client.PostAsJsonAsync("v1/search", new { datasets = new[] { dataset }, filter = new { status = new[] { "available" } } }, Ct);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Ct));
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("total").GetInt32();
    }

    /// <summary>The message by which S3 tells of an object.</summary>
    public static string EventOf(string bucket, Announced item) => JsonSerializer.Serialize(new
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

    /// <summary>A token of the issuer that stands in Auth0's place, for who may read.</summary>
    public static async Task<string> TokenAsync(string audience)
    {
        using var client = new HttpClient();
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["grant_type"] = "client_credentials", ["scope"] = "read", ["aud"] = audience, ["client_id"] = "test", ["client_secret"] = "test" });
        using var answer = await client.PostAsync($"{ComposeNatively.Server("EDNA_TEST_OIDC_ISSUER").TrimEnd('/')}/token", form, Ct);
        return (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("access_token").GetString()!;
    }

    public void Dispose() => Client.Dispose();

    /// <summary>The object's key, as the signed address has it.</summary>
    private static string KeyOf(string bucket, Announced item) => new Uri(item.Upload.GetProperty("url").GetString()!).AbsolutePath[(bucket.Length + 2)..];
}

/// <summary>An item that waits for its bytes.</summary>
/// <param name="Address">The item's, at EDNA.</param>
/// <param name="Bytes">What is to be sent.</param>
/// <param name="Upload">Where and how.</param>
internal sealed record Announced(string Address, byte[] Bytes, JsonElement Upload);
