using System.Buffers;
using System.Text.Json;

namespace Edna.Search.Elasticsearch;

/// <summary>
/// Reads JSON from a stream token by token, with no more of it in memory than the token at hand and what came with it. Whatever is
/// wrong with the answer (cut off, too slow, no JSON, another shape) is told in one way: the search index is not available.
/// </summary>
internal sealed class JsonStream(Stream stream, CancellationToken timeout, CancellationToken ct) : IDisposable
{
    private const int LargestToken = 16 << 20;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(16_384);
    private int _start;
    private int _end;
    private bool _isFinal;
    private JsonReaderState _state;
    private string? _text;
    private double _number;
    private long? _whole;

    /// <summary>The token at hand.</summary>
    public JsonTokenType Token { get; private set; }

    /// <summary>The text of a name or a string.</summary>
    public string Text => _text ?? throw Garbled($"a text was expected, not {Token}");

    /// <summary>A number.</summary>
    public double Number => Token == JsonTokenType.Number ? _number : throw Garbled($"a number was expected, not {Token}");

    /// <summary>A whole number.</summary>
    public long Whole => _whole ?? throw Garbled($"a whole number was expected, not {Token}");

    /// <summary>Reads the next token.</summary>
    public async ValueTask ReadAsync()
    {
        while (!TryRead())
        {
            if (_isFinal) throw Garbled("it ends too early");
            await FillAsync();
        }
    }

    /// <summary>Reads the next token, which must be this.</summary>
    public async ValueTask ExpectAsync(JsonTokenType token)
    {
        await ReadAsync();
        if (Token != token) throw Garbled($"{token} was expected, not {Token}");
    }

    /// <summary>Reads the next member's name in an object; false at the object's end.</summary>
    public async ValueTask<bool> ReadNameAsync()
    {
        await ReadAsync();
        if (Token == JsonTokenType.EndObject) return false;
        if (Token != JsonTokenType.PropertyName) throw Garbled($"a name was expected, not {Token}");
        return true;
    }

    /// <summary>Reads the beginning of the next element in a list; false at the list's end.</summary>
    public async ValueTask<bool> ReadElementAsync()
    {
        await ReadAsync();
        return Token != JsonTokenType.EndArray;
    }

    /// <summary>Passes over the value that comes next.</summary>
    public async ValueTask SkipAsync()
    {
        var depth = 0;
        do
        {
            await ReadAsync();
            if (Token is JsonTokenType.StartObject or JsonTokenType.StartArray) depth++;
            else if (Token is JsonTokenType.EndObject or JsonTokenType.EndArray) depth--;
        }
        while (depth > 0);
    }

    /// <summary>Writes the value that comes next somewhere else, as it is.</summary>
    public async ValueTask CopyAsync(Utf8JsonWriter to)
    {
        var depth = 0;
        do
        {
            await ReadAsync();
            switch (Token)
            {
                case JsonTokenType.StartObject: to.WriteStartObject(); depth++; break;
                case JsonTokenType.EndObject: to.WriteEndObject(); depth--; break;
                case JsonTokenType.StartArray: to.WriteStartArray(); depth++; break;
                case JsonTokenType.EndArray: to.WriteEndArray(); depth--; break;
                case JsonTokenType.PropertyName: to.WritePropertyName(Text); break;
                case JsonTokenType.String: to.WriteStringValue(Text); break;
                case JsonTokenType.Number when _whole is { } whole: to.WriteNumberValue(whole); break;
                case JsonTokenType.Number: to.WriteNumberValue(Number); break;
                case JsonTokenType.True or JsonTokenType.False: to.WriteBooleanValue(Token == JsonTokenType.True); break;
                default: to.WriteNullValue(); break;
            }
        }
        while (depth > 0);
    }

    /// <summary>The answer is not what it should be.</summary>
    public static Exception Garbled(string what) => ElasticsearchFault.Unavailable(new JsonException($"The answer cannot be understood: {what}."));

    public void Dispose()
    {
        if (_buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    private bool TryRead()
    {
        var reader = new Utf8JsonReader(_buffer.AsSpan(_start, _end - _start), _isFinal, _state);
        try
        {
            if (!reader.Read()) return false;
        }
        catch (JsonException e)
        {
            throw ElasticsearchFault.Unavailable(e);
        }
        Token = reader.TokenType;
        try
        {
            _text = Token is JsonTokenType.String or JsonTokenType.PropertyName ? reader.GetString() : null;
        }
        catch (InvalidOperationException e)
        {
            throw ElasticsearchFault.Unavailable(e);
        }
        _whole = Token == JsonTokenType.Number && reader.TryGetInt64(out var whole) ? whole : null;
        _number = Token == JsonTokenType.Number && reader.TryGetDouble(out var number) ? number : 0;
        _start += (int)reader.BytesConsumed;
        _state = reader.CurrentState;
        return true;
    }

    private async ValueTask FillAsync()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }
        if (_end == _buffer.Length)
        {
            if (_end >= LargestToken) throw Garbled("a part of it is too large");
            var larger = ArrayPool<byte>.Shared.Rent(_end * 2);
            _buffer.AsSpan(0, _end).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
        try
        {
            var read = await stream.ReadAsync(_buffer.AsMemory(_end), timeout);
            _end += read;
            _isFinal = read == 0;
        }
        catch (Exception e) when (ElasticsearchFault.IsTransport(e, ct))
        {
            throw ElasticsearchFault.Unavailable(e);
        }
    }
}
