using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Edna.Keys;

/// <summary>
/// The id of an item: the first 128 bits of the SHA-256 of its normalised path, in lower-case base32 (RFC 4648, no padding),
/// 26 characters. The same path always has the same id, so pushing a folder twice reaches the same items.
/// </summary>
public static class ItemId
{
    /// <summary>Characters in an id.</summary>
    public const int Length = 26;

    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";

    private static readonly SearchValues<char> AlphabetSet = SearchValues.Create(Alphabet);

    /// <summary>The id of the item at a path.</summary>
    /// <param name="normalisedPath">A path that <see cref="ItemPath.TryNormalise"/> accepted.</param>
    public static string FromPath(string normalisedPath)
    {
        Span<byte> utf8 = stackalloc byte[ItemPath.MaxBytes];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(utf8[..Encoding.UTF8.GetBytes(normalisedPath, utf8)], hash);
        Span<char> id = stackalloc char[Length];
        var (bits, held, at) = (0u, 0, 0);
        foreach (var b in hash[..16])
        {
            bits = (bits << 8) | b;
            held += 8;
            for (; held >= 5; held -= 5) id[at++] = Alphabet[(int)(bits >> (held - 5)) & 31];
        }
        id[at] = Alphabet[(int)(bits << (5 - held)) & 31];
        return new string(id);
    }

    /// <summary>Whether a text has the form of an id.</summary>
    /// <param name="text">The text.</param>
    public static bool IsValid(string? text) =>
        text is { Length: Length } && !text.AsSpan().ContainsAnyExcept(AlphabetSet);

    /// <summary>The shard of an item, 0–15: the first four bits of its id.</summary>
    /// <param name="id">A valid id.</param>
    public static int ShardOf(string id) => Alphabet.IndexOf(id[0], StringComparison.Ordinal) >> 1;
}
