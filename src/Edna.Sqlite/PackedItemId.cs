namespace Edna.Sqlite;

/// <summary>An item id in 17 bytes instead of 26, in the same order, and nothing lost even of an id that no path has.</summary>
internal static class PackedItemId
{
    /// <summary>Bytes of a packed id.</summary>
    public const int Size = 17;

    /// <summary>Base32's alphabet in the order of its characters, so that packed ids compare as their texts do.</summary>
    private const string Ordered = "234567abcdefghijklmnopqrstuvwxyz";

    /// <summary>Packs an id.</summary>
    /// <param name="id">26 characters of lower-case base32.</param>
    /// <param name="packed">At least <see cref="Size"/> bytes.</param>
    /// <returns>False when it has another form; no row can have it.</returns>
    public static bool TryPack(string id, Span<byte> packed)
    {
        if (!Keys.ItemId.IsValid(id)) return false;
        var (bits, held, at) = (0u, 0, 0);
        foreach (var c in id)
        {
            bits = (bits << 5) | (uint)(c >= 'a' ? c - 'a' + 6 : c - '2');
            held += 5;
            if (held < 8) continue;
            held -= 8;
            packed[at++] = (byte)(bits >> held);
        }
        packed[at] = (byte)(bits << (8 - held));
        return true;
    }

    /// <summary>The id that was packed.</summary>
    public static string Unpack(ReadOnlySpan<byte> packed)
    {
        Span<char> id = stackalloc char[Keys.ItemId.Length];
        var (bits, held, from) = (0u, 0, 0);
        for (var i = 0; i < id.Length; i++)
        {
            if (held < 5)
            {
                bits = (bits << 8) | packed[from++];
                held += 8;
            }
            held -= 5;
            id[i] = Ordered[(int)(bits >> held) & 31];
        }
        return new string(id);
    }
}
