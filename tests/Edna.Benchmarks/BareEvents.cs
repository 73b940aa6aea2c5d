namespace Edna.Benchmarks;

/// <summary>
/// The baseline of <c>sse</c>: Kestrel with one endpoint that sends what is posted to another to everybody who listens, byte for byte,
/// and does no more: no table, no cursors, no bound.
/// </summary>
internal static class BareEvents
{
    /// <summary>The argument that starts it, in a process of its own.</summary>
    public const string Name = "bare-events";

    /// <summary>Serves until it is killed.</summary>
    /// <param name="args">The address.</param>
    public static async Task<int> RunAsync(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(args[0]);
        await using var app = builder.Build();
        var newest = new Posted([]);
        app.MapGet("/", () => "");
        app.MapPost("/events", async (HttpContext http) =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body, http.RequestAborted);
            var next = new Posted(body.ToArray());
            Interlocked.Exchange(ref newest, next).Next.SetResult(next);
        });
        app.MapGet("/events", async (HttpContext http) =>
        {
            http.Response.ContentType = "text/event-stream";
            var read = newest;
            await http.Response.BodyWriter.WriteAsync("retry: 2000\n\n"u8.ToArray(), http.RequestAborted);
            while (true)
            {
                read = await read.Next.Task.WaitAsync(http.RequestAborted);
                await http.Response.BodyWriter.WriteAsync(read.Bytes, http.RequestAborted);
            }
        });
        await app.RunAsync();
        return 0;
    }

    private sealed record Posted(byte[] Bytes)
    {
        public TaskCompletionSource<Posted> Next { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
