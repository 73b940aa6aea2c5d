using System.Collections.Concurrent;
using System.Net;
using System.Text;

namespace Edna.Harness;

/// <summary>A part of a trace.</summary>
/// <param name="Trace">The trace, 32 hexadecimal digits.</param>
/// <param name="Id">Its own number, 16 hexadecimal digits.</param>
/// <param name="Parent">The span that it is part of; empty for the first.</param>
/// <param name="Name">What it is.</param>
internal sealed record Span(string Trace, string Id, string Parent, string Name);

/// <summary>A fake of an OpenTelemetry collector: it takes traces by OTLP over HTTP in protobuf, and keeps of each span what tells where it belongs.</summary>
internal sealed class FakeCollector : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<Span> _spans = new();
    private readonly Task _taking;
    private volatile bool _closed;

    public FakeCollector()
    {
        var address = $"http://127.0.0.1:{Ports.Free()}/";
        Settings = new Dictionary<string, string?>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = address, ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf", ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
        };
        _listener.Prefixes.Add(address);
        _listener.Start();
        _taking = TakeAsync();
    }

    /// <summary>Environment variables for the processes that are to send here.</summary>
    public IReadOnlyDictionary<string, string?> Settings { get; }

    /// <summary>The spans of a trace that have arrived.</summary>
    public IReadOnlyList<Span> Of(string trace) => [.. _spans.Where(span => span.Trace == trace)];

    public async ValueTask DisposeAsync()
    {
        _closed = true;
        _listener.Close();
        await _taking;
    }

    private async Task TakeAsync()
    {
        while (true)
        {
            try
            {
                await AnswerAsync(await _listener.GetContextAsync());
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException && _closed)
            {
                return;
            }
        }
    }

    private async Task AnswerAsync(HttpListenerContext call)
    {
        using var body = new MemoryStream();
        await call.Request.InputStream.CopyToAsync(body);
        if (call.Request.Url!.AbsolutePath == "/v1/traces")
            foreach (var span in Within(Within(Within([body.ToArray()], 1), 2), 2)) _spans.Enqueue(Read(span));
        call.Response.ContentType = "application/x-protobuf";
        call.Response.Close();
    }

    // https://github.com/open-telemetry/opentelemetry-proto: trace_id = 1, span_id = 2, parent_span_id = 4, name = 5.
    private static Span Read(byte[] span)
    {
        var fields = Fields(span).GroupBy(field => field.Number).ToDictionary(field => field.Key, field => field.Last().Bytes);
        return new(Convert.ToHexStringLower(fields[1]), Convert.ToHexStringLower(fields[2]), Convert.ToHexStringLower(fields.GetValueOrDefault(4, [])), Encoding.UTF8.GetString(fields[5]));
    }

    private static IEnumerable<byte[]> Within(IEnumerable<byte[]> messages, int number) =>
        messages.SelectMany(Fields).Where(field => field.Number == number).Select(field => field.Bytes);

    /// <summary>The fields of a message that have a length; the others are passed over.</summary>
    private static IEnumerable<(int Number, byte[] Bytes)> Fields(byte[] message)
    {
        for (var at = 0; at < message.Length;)
        {
            var tag = Number(message, ref at);
            switch (tag & 7)
            {
                case 0: Number(message, ref at); break;
                case 1: at += 8; break;
                case 2:
                    var length = (int)Number(message, ref at);
                    yield return ((int)(tag >> 3), message[at..(at + length)]);
                    at += length;
                    break;
                case 5: at += 4; break;
                default: throw new InvalidDataException($"There is no wire type {tag & 7} in protobuf 3.");
            }
        }
    }

    private static ulong Number(byte[] message, ref int at)
    {
        var number = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var part = message[at++];
            number |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80) return number;
        }
    }
}
