using System.IO.Compression;
using System.Text;
using Edna.Compliance.Search.Elasticsearch;

namespace Edna.Benchmarks;

/// <summary>
/// The fake search server with another front: bulk requests are unpacked and answered as taken in, without a look at the documents. What is
/// left is what the adapter costs, where the fake costs more than the adapter.
/// </summary>
internal sealed class BareBulk : IAsyncDisposable
{
    private readonly FakeElasticsearch _fake;
    private readonly WebApplication _app;
    private readonly HttpClient _behind;

    private BareBulk(FakeElasticsearch fake, WebApplication app) => (_fake, _app, _behind) = (fake, app, new() { BaseAddress = fake.Address });

    /// <summary>Where it answers.</summary>
    public Uri Address => new(_app.Urls.Single());

    /// <summary>Starts it.</summary>
    public static async Task<BareBulk> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(options => options.Limits.MaxRequestBodySize = 100 << 20);
        var bare = new BareBulk(await FakeElasticsearch.StartAsync(), builder.Build());
        bare._app.Run(bare.AnswerAsync);
        await bare._app.StartAsync();
        return bare;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _fake.DisposeAsync();
        _behind.Dispose();
    }

    private Task AnswerAsync(HttpContext http) =>
        http.Request.Path.Value!.EndsWith("/_bulk", StringComparison.Ordinal) ? TakeAsync(http) : PassOnAsync(http);

    private static async Task TakeAsync(HttpContext http)
    {
        await using var body = http.Request.Headers.ContentEncoding == "gzip" ? new GZipStream(http.Request.Body, CompressionMode.Decompress) : http.Request.Body;
        using var lines = new StreamReader(body, Encoding.UTF8);
        var answer = new StringBuilder("""{"took":1,"errors":false,"items":[""");
        for (var (first, line) = (true, await lines.ReadLineAsync()); line is not null; line = await lines.ReadLineAsync())
        {
            var removes = line.StartsWith("{\"delete\"", StringComparison.Ordinal);
            if (!removes) await lines.ReadLineAsync();
            answer.Append(first ? "" : ",").Append(removes ? """{"delete":{"status":200}}""" : """{"index":{"status":201}}""");
            first = false;
        }
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(answer.Append("]}").ToString());
    }

    private async Task PassOnAsync(HttpContext http)
    {
        using var request = new HttpRequestMessage(new(http.Request.Method), http.Request.Path + http.Request.QueryString);
        if (http.Request.ContentLength > 0 || http.Request.Headers.TransferEncoding.Count > 0)
        {
            request.Content = new StreamContent(http.Request.Body);
            foreach (var name in (string[])["Content-Type", "Content-Encoding"])
                if (http.Request.Headers.TryGetValue(name, out var value)) request.Content.Headers.TryAddWithoutValidation(name, value.ToString());
        }
        using var answer = await _behind.SendAsync(request);
        http.Response.StatusCode = (int)answer.StatusCode;
        http.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
        await answer.Content.CopyToAsync(http.Response.Body);
    }
}
