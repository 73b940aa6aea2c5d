using System.Text.RegularExpressions;

namespace Edna.Client;

/// <summary>What became of a signed PUT.</summary>
internal enum PutOutcome
{
    /// <summary>The store took the bytes.</summary>
    Stored,

    /// <summary>Something lies there already, perhaps from an attempt whose answer was lost: confirming will tell.</summary>
    AlreadyThere,

    /// <summary>The URL is not good, or no longer: a fresh one is needed.</summary>
    UrlNotGood,
}

/// <summary>Moves bytes by signed URLs, straight to and from the store.</summary>
internal sealed partial class StoreTransfer(HttpClient store, Retry retry)
{
    private const int BufferBytes = 128 << 10;

    /// <summary>Sends a file. Exactly the signed headers go out, with the content length that the file has.</summary>
    /// <exception cref="EdnaException">The store refused the bytes, or does not answer.</exception>
    /// <exception cref="IOException">The file cannot be read, or is no longer the one that was announced.</exception>
    public Task<PutOutcome> PutAsync(Upload upload, string file, long size, CancellationToken ct) => retry.RunAsync(async stop =>
    {
        await using var bytes = OpenRead(file);
        if (bytes.Length != size) throw new IOException($"'{file}' changed while it was pushed.");
        using var request = new HttpRequestMessage(HttpMethod.Parse(upload.Method ?? "PUT"), Exactly(upload.Url!));
        request.Content = new StreamContent(bytes, BufferBytes);
        foreach (var (name, value) in upload.Headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value)) request.Content.Headers.TryAddWithoutValidation(name, value);
        }
        using var response = await store.SendAsync(request, stop);
        if (response.IsSuccessStatusCode) return PutOutcome.Stored;
        return (int)response.StatusCode switch
        {
            409 or 412 => PutOutcome.AlreadyThere,
            401 or 403 => PutOutcome.UrlNotGood,
            _ => throw await RefusedAsync(response, stop),
        };
    }, ct);

    /// <summary>Sends a part. A URL that is not good (any more), or whose upload is gone, is no fault: the next look at the upload tells.</summary>
    /// <exception cref="EdnaException">The store refused the bytes, or does not answer.</exception>
    public Task<bool> PutPartAsync(string url, Func<HttpContent> body, CancellationToken ct) => retry.RunAsync(async stop =>
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, Exactly(url)) { Content = body() };
        using var response = await store.SendAsync(request, stop);
        if (response.IsSuccessStatusCode) return true;
        return (int)response.StatusCode is 401 or 403 or 404 ? false : throw await RefusedAsync(response, stop);
    }, ct);

    /// <summary>Fetches an object to a file, written over from its start at every attempt.</summary>
    /// <exception cref="EdnaException">The store refused, or does not answer.</exception>
    public Task<bool> GetAsync(string url, string file, CancellationToken ct) => retry.RunAsync(async stop =>
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Exactly(url));
        using var response = await store.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
        if (!response.IsSuccessStatusCode) throw await RefusedAsync(response, stop);
        await using var target = new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.None, BufferBytes, useAsync: true);
        await using var bytes = await response.Content.ReadAsStreamAsync(stop);
        await bytes.CopyToAsync(target, stop);
        return true;
    }, ct);

    /// <summary>Opens a file for one pass from start to end.</summary>
    public static FileStream OpenRead(string file) =>
        new(file, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes, FileOptions.Asynchronous | FileOptions.SequentialScan);

    // The signature covers the URL as it was written: nothing may be decoded and encoded again on the way.
    private static Uri Exactly(string url) => new(url, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });

    private static async Task<EdnaException> RefusedAsync(HttpResponseMessage response, CancellationToken ct)
    {
        var body = await response.Content.ReadAsStringAsync(ct);
        var code = CodeElement().Match(body) is { Success: true } match ? match.Groups[1].Value : response.ReasonPhrase;
        return new EdnaException(new Problem
        {
            Code = EdnaException.StoreRefused, Status = (int)response.StatusCode is 500 ? 503 : (int)response.StatusCode,
            Title = "The object store refused.", Detail = $"It answered {(int)response.StatusCode} {code}.",
        })
        { RetryAfter = response.Headers.RetryAfter?.Delta };
    }

    [GeneratedRegex("<Code>([A-Za-z0-9.]{1,100})</Code>")]
    private static partial Regex CodeElement();
}
