using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Edna.Benchmarks;

/// <summary>Single <c>POST …/items</c> over many connections, each with a path that was never used before.</summary>
internal sealed class UploadLoad
{
    public const string Dataset = "load";
    private const int NumberLength = 9;

    private readonly byte[] _request;
    private readonly int _numberAt;
    private int _next;

    public UploadLoad(Uri address)
    {
        var body = Body(new string('0', NumberLength));
        _request = Encoding.ASCII.GetBytes(
            $"POST /v1/datasets/{Dataset}/items HTTP/1.1\r\nHost: {address.Authority}\r\nAuthorization: Bearer {Server.Key}\r\n"
            + $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        _numberAt = _request.AsSpan().IndexOf("000000000"u8);
    }

    /// <summary>The body for a path; 32 zero bytes stand for a SHA-256.</summary>
    public static string Body(string number) =>
        $$$"""{"path":"images/{{{number}}}.jpg","contentType":"image/jpeg","size":123456,"checksum":{"algorithm":"sha256","value":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}}""";

    /// <summary>Sends so many requests; requests a second, and how long each took in milliseconds, sorted.</summary>
    public async Task<(double PerSecond, double[] Milliseconds)> RunAsync(Uri address, int connections, int requests)
    {
        var took = new double[requests];
        var taken = -1;
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, connections).Select(async _ =>
        {
            using var connection = new RawConnection();
            await connection.ConnectAsync(address);
            var request = _request.ToArray();
            for (int i; (i = Interlocked.Increment(ref taken)) < requests;)
            {
                Interlocked.Increment(ref _next).TryFormat(request.AsSpan(_numberAt, NumberLength), out var _, "D9", CultureInfo.InvariantCulture);
                var sent = Stopwatch.GetTimestamp();
                var status = await connection.ExchangeAsync(request);
                if (status != 201) throw new InvalidOperationException($"The server answered {status}.");
                took[i] = Stopwatch.GetElapsedTime(sent).TotalMilliseconds;
            }
        }));
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        Array.Sort(took);
        return (requests / seconds, took);
    }
}
