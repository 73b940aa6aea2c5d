using System.Buffers;
using System.Text.Json;

namespace Edna.Benchmarks;

/// <summary>
/// The baseline: Kestrel with one endpoint that takes a request whole and answers bytes that EDNA answered, headers included.
/// What is between it and EDNA is what EDNA does.
/// </summary>
internal static class BareServer
{
    /// <summary>The argument that starts it, in a process of its own.</summary>
    public const string Name = "bare";

    /// <summary>Serves until it is killed.</summary>
    /// <param name="args">The address, and the file with the answer; without one, an empty 200.</param>
    public static async Task<int> RunAsync(string[] args)
    {
        var answer = args.Length > 1 ? RecordedAnswer.Load(args[1]) : new RecordedAnswer { Status = 200 };
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(args[0]);
        await using var app = builder.Build();
        app.Run(http => AnswerAsync(http, answer));
        await app.RunAsync();
        return 0;
    }

    private static async Task AnswerAsync(HttpContext http, RecordedAnswer answer)
    {
        var body = http.Request.BodyReader;
        while (true)
        {
            var read = await body.ReadAsync(http.RequestAborted);
            body.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted) break;
        }
        http.Response.StatusCode = answer.Status;
        foreach (var (name, value) in answer.Headers) http.Response.Headers[name] = value;
        http.Response.ContentLength = answer.Body.Length;
        http.Response.BodyWriter.Write(answer.Body);
        await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
    }
}

/// <summary>An answer of EDNA's, kept to be given again.</summary>
internal sealed record RecordedAnswer
{
    private static readonly string[] Kestrels = ["Date", "Server", "Content-Length", "Transfer-Encoding", "Connection"];

    public required int Status { get; init; }

    public Dictionary<string, string> Headers { get; init; } = [];

    public byte[] Body { get; init; } = [];

    public static async Task<RecordedAnswer> RecordAsync(HttpClient http, HttpRequestMessage request)
    {
        using var answer = await http.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        return new RecordedAnswer
        {
            Status = (int)answer.StatusCode, Body = await answer.Content.ReadAsByteArrayAsync(),
            Headers = answer.Headers.Concat(answer.Content.Headers).Where(h => !Kestrels.Contains(h.Key)).ToDictionary(h => h.Key, h => string.Join(", ", h.Value)),
        };
    }

    public static RecordedAnswer Load(string file) => JsonSerializer.Deserialize<RecordedAnswer>(File.ReadAllBytes(file))!;

    public string SaveTo(string file)
    {
        File.WriteAllBytes(file, JsonSerializer.SerializeToUtf8Bytes(this));
        return file;
    }
}
