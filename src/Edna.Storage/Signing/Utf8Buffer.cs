using System.Buffers;
using System.Text;

namespace Edna.Storage.Signing;

/// <summary>Bytes written one after the other: on the caller's stack while they fit, then in a rented array.</summary>
internal ref struct Utf8Buffer(Span<byte> initial)
{
    private static readonly SearchValues<char> Unreserved =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~");
    private static readonly SearchValues<char> UnreservedOrSlash =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~/");

    private Span<byte> _span = initial;
    private byte[]? _rented;

    public int Length { get; private set; }

    public readonly ReadOnlySpan<byte> Written => _span[..Length];

    public void Dispose()
    {
        if (_rented is not null) ArrayPool<byte>.Shared.Return(_rented);
        this = default;
    }

    public void Append(scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        Length += bytes.Length;
    }

    public void Append(byte value)
    {
        Reserve(1)[0] = value;
        Length++;
    }

    public void Append(int value)
    {
        value.TryFormat(Reserve(11), out var written, provider: System.Globalization.CultureInfo.InvariantCulture);
        Length += written;
    }

    public void AppendHex(scoped ReadOnlySpan<byte> bytes)
    {
        Convert.TryToHexStringLower(bytes, Reserve(bytes.Length * 2), out var written);
        Length += written;
    }

    public void Append(scoped ReadOnlySpan<char> text) => Length += Encoding.UTF8.GetBytes(text, Reserve(text.Length * 3));

    /// <summary>A header's value as SigV4 takes it: no white space at the ends, one space where there was a run of it.</summary>
    public void AppendTrimmed(scoped ReadOnlySpan<char> value)
    {
        value = value.Trim();
        while (true)
        {
            var gap = value.IndexOfAny(' ', '\t');
            if (gap < 0) break;
            Append(value[..gap]);
            Append((byte)' ');
            value = value[gap..].TrimStart();
        }
        Append(value);
    }

    /// <summary>Escapes as RFC 3986 says, in upper-case hex: everything but the unreserved characters, and the slash where it is kept.</summary>
    public void AppendEscaped(scoped ReadOnlySpan<char> text, bool keepSlash)
    {
        var plain = keepSlash ? UnreservedOrSlash : Unreserved;
        Span<byte> utf8 = stackalloc byte[4];
        while (true)
        {
            var stop = text.IndexOfAnyExcept(plain);
            if (stop < 0) break;
            Append(text[..stop]);
            Rune.DecodeFromUtf16(text[stop..], out var rune, out var taken);
            foreach (var b in utf8[..rune.EncodeToUtf8(utf8)])
            {
                var place = Reserve(3);
                place[0] = (byte)'%';
                Convert.TryToHexString([b], place[1..], out _);
                Length += 3;
            }
            text = text[(stop + taken)..];
        }
        Append(text);
    }

    private Span<byte> Reserve(int count)
    {
        if (_span.Length - Length < count)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_span.Length * 2, Length + count));
            Written.CopyTo(larger);
            if (_rented is not null) ArrayPool<byte>.Shared.Return(_rented);
            _span = _rented = larger;
        }
        return _span[Length..];
    }
}
