using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text;

namespace Edna.Search.Elasticsearch;

/// <summary>
/// Where a page ended: what its last hit is sorted by, and the point in time that the pages are read from. The first alone is enough to
/// go on, also after the point in time has run out, for it depends on the item alone and no two items have the same.
/// </summary>
/// <param name="Order">The order of the hits.</param>
/// <param name="Number">The number compared; 0 where none is.</param>
/// <param name="Path">The path compared; empty where it is not.</param>
/// <param name="Id">The document's id.</param>
/// <param name="PointInTime">The point in time; null where none was opened.</param>
internal sealed record PageCursor(SearchOrder Order, long Number, string Path, string Id, string? PointInTime)
{
    // In the first byte: the kind of cursor, the direction, the field.
    private const byte Kind = 0x40;
    private const byte Descending = 0x20;
    private const int FixedBytes = 13;

    /// <summary>The cursor as clients get it.</summary>
    public string Format()
    {
        var (path, id, point) = (Encoding.UTF8.GetBytes(Path), Encoding.UTF8.GetBytes(Id), Encoding.UTF8.GetBytes(PointInTime ?? ""));
        var bytes = new byte[FixedBytes + path.Length + id.Length + point.Length];
        bytes[0] = Mark(Order);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(1), Number);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(9), checked((ushort)path.Length));
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(11), checked((ushort)id.Length));
        path.CopyTo(bytes, FixedBytes);
        id.CopyTo(bytes, FixedBytes + path.Length);
        point.CopyTo(bytes, FixedBytes + path.Length + id.Length);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Reads a cursor; null when there is none.</summary>
    /// <exception cref="FormatException">It is not one of this order's.</exception>
    public static PageCursor? Read(string? cursor, SearchOrder order)
    {
        if (cursor is null) return null;
        if (!Base64Url.IsValid(cursor) || Base64Url.DecodeFromChars(cursor) is not { Length: > FixedBytes } bytes || bytes[0] != Mark(order)) throw Foreign();
        var (path, id) = (BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(9)), BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(11)));
        if (bytes.Length < FixedBytes + path + id || id == 0) throw Foreign();
        var point = bytes.AsSpan(FixedBytes + path + id);
        return new(
            order, BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(1)), Text(bytes.AsSpan(FixedBytes, path)), Text(bytes.AsSpan(FixedBytes + path, id)),
            point.IsEmpty ? null : Text(point));
    }

    private static byte Mark(SearchOrder order) => (byte)(Kind | (order.IsDescending ? Descending : 0) | (byte)order.Field);

    private static string Text(ReadOnlySpan<byte> utf8) => System.Text.Unicode.Utf8.IsValid(utf8) ? Encoding.UTF8.GetString(utf8) : throw Foreign();

    private static FormatException Foreign() => new("The cursor is not one of this search's.");
}
