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
            using var put = new HttpRequestMessage(HttpMethod.Put, plan.Upload!.Url) { Content = new ByteArrayContent(files[i].Bytes) };
            foreach (var (name, value) in plan.Upload.Headers)
                if (!put.Headers.TryAddWithoutValidation(name, value)) put.Content.Headers.TryAddWithoutValidation(name, value);
            using var answer = await store.SendAsync(put, stop);
            Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode} {await answer.Content.ReadAsStringAsync(stop)}");
            ids[i] = plan.Item.Id;
        });
        return ids;
    }
}
