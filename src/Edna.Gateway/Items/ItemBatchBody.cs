using System.Reflection;
using System.Text.Json;
using Edna.Json;
using Edna.Requests;
using Edna.Results;
using Microsoft.AspNetCore.Http.Metadata;

namespace Edna.Items;

/// <summary>
/// The body of <c>POST …/items:batch</c>, read entry by entry: an entry that does not fit gets a problem of its own and the
/// others go on. Only a body that is not <c>{"items": […]}</c> with at most 1,000 entries is refused as a whole.
/// </summary>
internal sealed class ItemBatchBody : IBound, IEndpointParameterMetadataProvider
{
    private static readonly Problem NotAnObject = RequestErrors.Invalid("body", "must be an object such as {\"items\": [ … ]}");
    private static readonly Problem NotAnArray = RequestErrors.Invalid("items", "must be an array of items");
    private static readonly Problem TooMany = RequestErrors.Invalid("items", $"must hold at most {IItemBatchGrain.Limit} entries");
    private static readonly Problem NotAnItem = RequestErrors.Invalid("body", "must be an object, not null");

    /// <summary>What was asked for, or what is wrong with it, in order.</summary>
    public IReadOnlyList<Result<CreateItem>> Entries { get; private init; } = [];

    /// <inheritdoc />
    public Problem? Problem { get; private init; }

    /// <summary>Reads the body.</summary>
    public static async ValueTask<ItemBatchBody> BindAsync(HttpContext context)
    {
        using var body = await RequestBody.ReadJsonAsync(context, RequestLimits.BatchBytes);
        return body.Problem is { } problem ? new() { Problem = problem } : Parse(body.Bytes);
    }

    /// <inheritdoc />
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(CreateItems)));

    /// <summary>Reads the JSON.</summary>
    internal static ItemBatchBody Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            var entries = new List<Result<CreateItem>>();
            return ReadOuter(json, entries) is { } problem ? new() { Problem = problem } : new() { Entries = entries };
        }
        catch (JsonException fault)
        {
            return new() { Problem = JsonFault.ToProblem(fault) };
        }
    }

    private static Problem? ReadOuter(ReadOnlySpan<byte> json, List<Result<CreateItem>> entries)
    {
        var reader = new Utf8JsonReader(json);
        var found = false;
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return NotAnObject;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!JsonSoundness.TryGetText(ref reader, out var name)) return RequestErrors.Invalid("body", "has a field whose name is no text");
            if (name != "items") return RequestErrors.Invalid(name, "is not a field that is known here");
            if (found) return RequestErrors.Invalid("items", "is given more than once");
            found = true;
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartArray) return NotAnArray;
            if (ReadEntries(json, ref reader, entries) is { } problem) return problem;
        }
        // Goes past the end, so that anything after the object is found.
        reader.Read();
        return found ? null : NotAnArray;
    }

    private static Problem? ReadEntries(ReadOnlySpan<byte> json, ref Utf8JsonReader reader, List<Result<CreateItem>> entries)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (entries.Count == IItemBatchGrain.Limit) return TooMany;
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            entries.Add(ReadEntry(json[start..(int)reader.BytesConsumed]));
        }
        return null;
    }

    private static Result<CreateItem> ReadEntry(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, EdnaJson.Of<CreateItem>()) is { } item ? item : NotAnItem;
        }
        catch (JsonException fault)
        {
            return JsonFault.ToProblem(fault);
        }
    }
}
