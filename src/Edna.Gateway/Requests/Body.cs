using System.Reflection;
using System.Text;
using System.Text.Json;
using Edna.Json;
using Edna.Results;
using Microsoft.AspNetCore.Http.Metadata;

namespace Edna.Requests;

/// <summary>A JSON body that must be there.</summary>
/// <typeparam name="T">What it is read as.</typeparam>
internal sealed class Body<T> : IBound, IEndpointParameterMetadataProvider where T : class
{
    private T? value;

    /// <summary>The body.</summary>
    public T Value => value ?? throw new InvalidOperationException("The body was refused.");

    /// <inheritdoc />
    public Problem? Problem { get; private init; }

    /// <summary>Reads the body.</summary>
    public static async ValueTask<Body<T>> BindAsync(HttpContext context)
    {
        using var body = await RequestBody.ReadJsonAsync(context, RequestLimits.BodyBytes);
        return body.Problem is { } problem ? new() { Problem = problem } : Parse(body.Bytes);
    }

    /// <inheritdoc />
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(T)));

    private static Body<T> Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, EdnaJson.Of<T>()) is { } value
                ? new() { value = value }
                : new() { Problem = RequestErrors.Invalid("body", "must be an object, not null") };
        }
        catch (JsonException fault)
        {
            return new() { Problem = JsonFault.ToProblem(fault) };
        }
    }
}

/// <summary>A JSON body that may be left out.</summary>
/// <typeparam name="T">What it is read as.</typeparam>
internal sealed class OptionalBody<T> : IBound, IEndpointParameterMetadataProvider where T : class
{
    /// <summary>The body; null for none.</summary>
    public T? Value { get; private init; }

    /// <inheritdoc />
    public Problem? Problem { get; private init; }

    /// <summary>Reads the body.</summary>
    public static async ValueTask<OptionalBody<T>> BindAsync(HttpContext context)
    {
        using var body = await RequestBody.ReadJsonAsync(context, RequestLimits.BodyBytes, optional: true);
        if (body.Problem is { } problem) return new() { Problem = problem };
        if (body.IsEmpty) return new();
        try
        {
            return new() { Value = JsonSerializer.Deserialize(body.Bytes, EdnaJson.Of<T>()) };
        }
        catch (JsonException fault)
        {
            return new() { Problem = JsonFault.ToProblem(fault) };
        }
    }

    /// <inheritdoc />
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(T), isOptional: true));
}

/// <summary>A JSON merge patch (RFC 7396): a JSON object, kept as text.</summary>
internal sealed class MergePatch : IBound, IEndpointParameterMetadataProvider
{
    /// <summary>The object.</summary>
    public JsonText Value { get; private init; }

    /// <inheritdoc />
    public Problem? Problem { get; private init; }

    /// <summary>Reads the body.</summary>
    public static async ValueTask<MergePatch> BindAsync(HttpContext context)
    {
        using var body = await RequestBody.ReadJsonAsync(context, RequestLimits.BodyBytes);
        return body.Problem is { } problem ? new() { Problem = problem } : Parse(body.Bytes);
    }

    /// <inheritdoc />
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["application/merge-patch+json", "application/json"], typeof(JsonElement)));

    private static MergePatch Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            var first = reader.Read() ? reader.TokenType : JsonTokenType.None;
            var fault = JsonSoundness.FaultOf(json) ?? (first == JsonTokenType.StartObject ? null : "must be a JSON object (a merge patch, RFC 7396)");
            return fault is null ? new() { Value = new(Encoding.UTF8.GetString(json)) } : new() { Problem = RequestErrors.Invalid("body", fault) };
        }
        catch (JsonException broken)
        {
            return new() { Problem = JsonFault.ToProblem(broken) };
        }
    }
}
