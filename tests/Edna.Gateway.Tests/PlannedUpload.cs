using System.Text.Json;

namespace Edna.Gateway.Tests;

/// <summary>An announced item and the PUT that its announcement asked for.</summary>
/// <param name="item">Where the item can be read.</param>
/// <param name="upload">What to send.</param>
public sealed class PlannedUpload(string item, JsonElement upload)
{
    public string Item { get; } = item;

    public string Url { get; set; } = upload.GetProperty("url").GetString()!;

    public Dictionary<string, string> Headers { get; } = upload.GetProperty("headers").EnumerateObject().ToDictionary(h => h.Name, h => h.Value.GetString()!);

    /// <summary>Sends bytes by the signed URL, as somebody without any other credentials.</summary>
    public async Task<HttpResponseMessage> SendAsync(byte[] bytes)
    {
        using var client = new HttpClient();
        using var put = new HttpRequestMessage(HttpMethod.Put, Url) { Content = new ByteArrayContent(bytes) };
        foreach (var (name, value) in Headers)
            if (!put.Headers.TryAddWithoutValidation(name, value)) put.Content.Headers.TryAddWithoutValidation(name, value);
        return await client.SendAsync(put);
    }
}
