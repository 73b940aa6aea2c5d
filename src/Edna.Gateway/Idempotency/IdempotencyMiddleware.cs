using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Edna.Access;
using Edna.Problems;
using Edna.Requests;

namespace Edna.Idempotency;

/// <summary>
/// Carries a POST with an <c>Idempotency-Key</c> out once and repeats its answer for 24 hours. Only successes are kept: what was
/// refused made nothing, so it is decided anew when it is sent again. One that came to no answer, or whose answer could not be kept, is carried
/// out again when it is sent again, under the same name, and finds what it has made before.
/// </summary>
internal sealed partial class IdempotencyMiddleware(RequestDelegate next, IGrainFactory grains, ILogger<IdempotencyMiddleware> log)
{
    /// <summary>The header on a repeated answer.</summary>
    public const string Replayed = "Idempotency-Replayed";

    private static readonly string[] KeptHeaders = ["Content-Type", "Location", "ETag"];

    /// <summary>Carries the request out, or repeats its answer.</summary>
    public Task InvokeAsync(HttpContext http)
    {
        if (!http.Request.Headers.ContainsKey(IdempotencyKey.Header)) return next(http);
        return http.GetEndpoint()?.Metadata.GetMetadata<IdempotentRoute>() is { } route ? OnceAsync(http, route) : next(http);
    }

    private async Task OnceAsync(HttpContext http, IdempotentRoute route)
    {
        var key = IdempotencyKey.Of(http.Request);
        if (key.Problem is { } wrong)
        {
            await http.WriteProblemAsync(wrong);
            return;
        }
        using var body = await RequestBody.ReadAsync(http, RequestLimits.BatchBytes);
        if (body.Problem is { } tooLarge)
        {
            await http.WriteProblemAsync(tooLarge);
            return;
        }
        http.Request.Body = new MemoryStream(body.Bytes.ToArray(), writable: false);
        http.Request.ContentLength = http.Request.Body.Length;
        var grain = grains.GetGrain<IIdempotencyGrain>(key.ScopedTo(Caller.Of(http))!);
        var hash = HashOf(http.Request, body.Bytes);
        var attempt = Guid.NewGuid().ToString("n");
        var decision = await grain.BeginAsync(hash, attempt);
        http.Features.Set(new BegunRequest(decision.Name));
        await (decision switch
        {
            { Outcome: IdempotencyOutcome.Proceed } => ProceedAsync(http, route, grain, hash, attempt),
            { Outcome: IdempotencyOutcome.Replay, Answer: { } answer } => ReplayAsync(http, answer),
            { Outcome: IdempotencyOutcome.Mismatch } => http.WriteProblemAsync(IdempotencyErrors.KeyReused()),
            _ => http.WriteProblemAsync(IdempotencyErrors.InProgress()),
        });
    }

    private async Task ProceedAsync(HttpContext http, IdempotentRoute route, IIdempotencyGrain grain, string hash, string attempt)
    {
        var (client, answer, isKnown) = (http.Response.Body, new MemoryStream(), false);
        http.Response.Body = answer;
        try
        {
            await next(http);
            await http.Response.BodyWriter.FlushAsync();
            isKnown = http.Response.StatusCode < StatusCodes.Status500InternalServerError;
        }
        finally
        {
            http.Response.Body = client;
            if (!isKnown) await grain.ReleaseAsync(hash, attempt);
        }
        await SettleAsync(http.Response, answer.ToArray(), route, grain, hash, attempt);
        await client.WriteAsync(answer.GetBuffer().AsMemory(0, (int)answer.Length), http.RequestAborted);
    }

    /// <summary>Keeps the answer. When that fails the work is done all the same, and whoever asked is told so: the answer alone may have a secret.</summary>
    private async Task SettleAsync(HttpResponse response, byte[] answer, IdempotentRoute route, IIdempotencyGrain grain, string hash, string attempt)
    {
        try
        {
            if (response.StatusCode is >= 200 and < 300) await grain.FinishAsync(hash, Keep(response, answer, route));
            else await grain.AbandonAsync(hash, attempt);
        }
        catch (Exception fault) when (Faults.ToProblem(fault).Status == StatusCodes.Status503ServiceUnavailable)
        {
            LogNotKept(fault);
        }
    }

    private static async Task ReplayAsync(HttpContext http, StoredAnswer answer)
    {
        http.Response.StatusCode = answer.Status;
        foreach (var (name, value) in answer.Headers) http.Response.Headers[name] = value;
        http.Response.Headers[Replayed] = "true";
        await using var body = new GZipStream(new MemoryStream(answer.Body), CompressionMode.Decompress);
        await body.CopyToAsync(http.Response.Body, http.RequestAborted);
    }

    private static StoredAnswer Keep(HttpResponse response, byte[] body, IdempotentRoute route)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(route.Kept is null ? body : route.Kept(body));
        var headers = KeptHeaders.Where(h => response.Headers.ContainsKey(h)).ToDictionary(h => h, h => response.Headers[h].ToString());
        return new() { Status = response.StatusCode, Body = packed.ToArray(), Headers = headers };
    }

    private static string HashOf(HttpRequest request, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Method} {request.Path}{request.QueryString}\n"));
        hash.AppendData(body);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "What a request with an Idempotency-Key was answered could not be kept. Sent again, it is carried out again and finds what it made.")]
    private partial void LogNotKept(Exception fault);
}
