using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Edna.Storage.S3;

/// <summary>
/// A fake of an S3 server: answers each request with the next of the answers that the test laid ready, and keeps what it was asked.
/// For answers that no real server can be made to give.
/// </summary>
internal sealed class FakeS3Server : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Answer> _answers = new();

    private FakeS3Server(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.Single());

    /// <summary>What it was asked, in order.</summary>
    public ConcurrentQueue<Asked> Requests { get; } = new();

    public static async Task<FakeS3Server> StartAsync(CancellationToken ct)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var server = new FakeS3Server(app);
        app.Run(server.AnswerAsync);
        await app.StartAsync(ct);
        return server;
    }

    /// <summary>Lays an answer ready.</summary>
    public FakeS3Server Then(int status, string body, params (string Name, string Value)[] headers)
    {
        _answers.Enqueue(new(status, body, headers));
        return this;
    }

    /// <summary>Lays an error of S3 ready.</summary>
    public FakeS3Server ThenError(int status, string code) =>
        Then(status, $"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>In the store's own words.</Message><Key>a</Key></Error>");

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var request = context.Request;
        using var body = new StreamReader(request.Body);
        Requests.Enqueue(new(
            $"{request.Method} {request.QueryString.Value}", await body.ReadToEndAsync(context.RequestAborted),
            request.Headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value.ToString())));
        if (!_answers.TryDequeue(out var answer)) answer = new(418, "", []);
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = "application/xml";
        foreach (var (name, value) in answer.Headers) context.Response.Headers[name] = value;
        if (!HttpMethods.IsHead(request.Method)) await context.Response.WriteAsync(answer.Body, context.RequestAborted);
    }

    internal sealed record Asked(string What, string Body, IReadOnlyDictionary<string, string> Headers);

    private sealed record Answer(int Status, string Body, (string Name, string Value)[] Headers);
}
