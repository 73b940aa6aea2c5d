using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Edna.ActivityLog;

/// <summary>What a request did, or was kept from doing.</summary>
internal readonly record struct ActivityLine
{
    private static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>When it came, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Whose tenant; null for who has not said.</summary>
    public string? Tenant { get; init; }

    /// <summary>Who, as histories tell it; null for who has not said.</summary>
    public string? Who { get; init; }

    /// <summary>Method and route, such as <c>POST /v1/datasets/{dataset}/items</c>: few different ones, so metrics may be grouped by it.</summary>
    public required string Action { get; init; }

    /// <summary>The dataset, if the route has one.</summary>
    public string? Dataset { get; init; }

    /// <summary>What in it or beside it the route names: an item, a job, a webhook, a key.</summary>
    public string? Target { get; init; }

    /// <summary>The address that it came from.</summary>
    public string? From { get; init; }

    /// <summary>The answer's status.</summary>
    public required int Status { get; init; }

    /// <summary>The problem's code; null for none.</summary>
    public string? Code { get; init; }

    /// <summary>How long it took, ms.</summary>
    public required double DurationMs { get; init; }

    /// <summary>The trace id, as problems tell it.</summary>
    public required string TraceId { get; init; }

    /// <summary>What came of it: <c>ok</c>, <c>refused</c> (4xx: the caller's doing) or <c>failed</c> (5xx: the service's).</summary>
    public string Outcome => Status switch
    {
        < 400 => "ok",
        < 500 => "refused",
        _ => "failed",
    };

    /// <summary>Writes the line, its end included.</summary>
    /// <param name="to">Where to.</param>
    /// <param name="metricsNamespace">The namespace of embedded metrics; null for none.</param>
    public void Write(IBufferWriter<byte> to, string? metricsNamespace)
    {
        using (var json = new Utf8JsonWriter(to, Json))
        {
            json.WriteStartObject();
            if (metricsNamespace is not null) WriteMetrics(json, metricsNamespace);
            json.WriteString("time"u8, At.UtcDateTime);
            json.WriteString("type"u8, "edna.activity"u8);
            WriteText(json, "tenant"u8, Tenant);
            WriteText(json, "who"u8, Who);
            json.WriteString("action"u8, Action);
            WriteText(json, "dataset"u8, Dataset);
            WriteText(json, "target"u8, Target);
            WriteText(json, "from"u8, From);
            json.WriteNumber("status"u8, Status);
            json.WriteString("outcome"u8, Outcome);
            WriteText(json, "code"u8, Code);
            json.WriteNumber("durationMs"u8, Math.Round(DurationMs, 3));
            json.WriteString("traceId"u8, TraceId);
            json.WriteEndObject();
        }
        to.Write("\n"u8);
    }

    /// <summary>CloudWatch's embedded metric format: <c>docs.aws.amazon.com/AmazonCloudWatch/…/CloudWatch_Embedded_Metric_Format_Specification.html</c>.</summary>
    private void WriteMetrics(Utf8JsonWriter json, string metricsNamespace)
    {
        json.WriteStartObject("_aws"u8);
        json.WriteNumber("Timestamp"u8, At.ToUnixTimeMilliseconds());
        json.WriteStartArray("CloudWatchMetrics"u8);
        json.WriteStartObject();
        json.WriteString("Namespace"u8, metricsNamespace);
        json.WriteStartArray("Dimensions"u8);
        json.WriteStartArray();
        json.WriteStringValue("action"u8);
        json.WriteStringValue("outcome"u8);
        json.WriteEndArray();
        json.WriteEndArray();
        json.WriteStartArray("Metrics"u8);
        WriteMetric(json, "requests"u8, "Count"u8);
        WriteMetric(json, "durationMs"u8, "Milliseconds"u8);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteNumber("requests"u8, 1);
    }

    private static void WriteMetric(Utf8JsonWriter json, ReadOnlySpan<byte> name, ReadOnlySpan<byte> unit)
    {
        json.WriteStartObject();
        json.WriteString("Name"u8, name);
        json.WriteString("Unit"u8, unit);
        json.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null) json.WriteString(name, value);
    }
}
