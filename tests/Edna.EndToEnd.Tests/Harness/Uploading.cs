using Edna.Client;
using Xunit;

namespace Edna.Harness;

/// <summary>A client that announces and sends, and then is not heard of again.</summary>
internal static class Uploading
{
    /// <summary>Announces items of these bytes and sends them by their signed URLs; their ids, in order.</summary>
    public static async Task<IReadOnlyList<string>> SendWithoutCompletingAsync(this EdnaClient client, string dataset, IReadOnlyList<(string Path, byte[] Bytes)> files, CancellationToken ct)
    {
        using var store = new HttpClient();
        var ids = new string[files.Count];
        await Parallel.ForAsync(0, files.Count, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = ct }, async (i, stop) =>
        {
            var plan = await client.CreateItemAsync(dataset, new CreateItem { Path = files[i].Path, ContentType = "text/plain", Size = files[i].Bytes.Length }, stop);
            await store.SendAsync(plan.Upload!, files[i].Bytes, stop);
            ids[i] = plan.Item.Id;
        });
        return ids;
    }

    /// <summary>Sends bytes by a signed upload: all of them, or each of the parts that are signed.</summary>
    public static async Task SendAsync(this HttpClient store, Upload upload, byte[] bytes, CancellationToken ct)
    {
        if (upload.Kind != "multipart") await store.PutAsync(upload.Url!, upload.Headers, bytes, ct);
        var size = (int)(upload.PartSize ?? 0);
        foreach (var part in upload.Parts ?? [])
        {
            var start = (part.PartNumber - 1) * size;
            await store.PutAsync(part.Url, new Dictionary<string, string>(), bytes[start..Math.Min(start + size, bytes.Length)], ct);
        }
    }

    private static async Task PutAsync(this HttpClient store, string url, IReadOnlyDictionary<string, string> headers, byte[] bytes, CancellationToken ct)
    {
        using var put = new HttpRequestMessage(HttpMethod.Put, url) { Content = new ByteArrayContent(bytes) };
        foreach (var (name, value) in headers)
            if (!put.Headers.TryAddWithoutValidation(name, value)) put.Content.Headers.TryAddWithoutValidation(name, value);
        using var answer = await store.SendAsync(put, ct);
        Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode} {await answer.Content.ReadAsStringAsync(ct)}");
    }
}
