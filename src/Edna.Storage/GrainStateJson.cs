using System.Text.Json;
using System.Text.Json.Serialization;

namespace Edna.Storage;

/// <summary>How grain state is written, whichever adapter keeps it: System.Text.Json, without type names, and without what is null.</summary>
internal static class GrainStateJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>A state as bytes.</summary>
    public static byte[] Write<T>(T state) => JsonSerializer.SerializeToUtf8Bytes(state, Options);

    /// <summary>The state in bytes.</summary>
    /// <exception cref="JsonException">They are not one.</exception>
    public static T Read<T>(ReadOnlySpan<byte> body, string name, GrainId grain) =>
        JsonSerializer.Deserialize<T>(body, Options) ?? throw new JsonException($"The stored state '{name}' of {grain} is null.");
}
