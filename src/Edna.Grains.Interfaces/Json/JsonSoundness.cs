using System.Text.Json;

namespace Edna.Json;

/// <summary>
/// Whether JSON that is kept as its own text can be worked on later. The grammar allows more than that: half a surrogate pair
/// is no text, a name that stands twice has no one value, and what is nested too deep cannot be read as part of something else.
/// </summary>
public static class JsonSoundness
{
    /// <summary>Levels of nesting; readers stop at 64, and stored text stands some levels down.</summary>
    public const int Deepest = 32;

    /// <summary>What is wrong; null when nothing is.</summary>
    /// <param name="json">JSON in UTF-8.</param>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public static string? FaultOf(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        var names = new Stack<HashSet<string>>();
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject or JsonTokenType.StartArray when reader.CurrentDepth >= Deepest:
                    return $"must not be nested deeper than {Deepest} levels";
                case JsonTokenType.StartObject:
                    names.Push(new(StringComparer.Ordinal));
                    break;
                case JsonTokenType.EndObject:
                    names.Pop();
                    break;
                case JsonTokenType.String or JsonTokenType.PropertyName:
                    if (!TryGetText(ref reader, out var text)) return "must not have half of a surrogate pair in its texts";
                    if (reader.TokenType == JsonTokenType.PropertyName && !names.Peek().Add(text)) return $"must not have '{text}' twice";
                    break;
            }
        }
        return null;
    }

    /// <summary>The text at hand; false when it has half of a surrogate pair.</summary>
    /// <param name="reader">Stands on a text or a name.</param>
    /// <param name="text">The text.</param>
    public static bool TryGetText(ref Utf8JsonReader reader, out string text)
    {
        try
        {
            text = reader.GetString() ?? "";
            return true;
        }
        catch (InvalidOperationException)
        {
            // The reader's way to say so; the kind of the token was looked at before.
            text = "";
            return false;
        }
    }
}
