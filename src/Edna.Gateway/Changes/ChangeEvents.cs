using System.Buffers;
using System.Text;
using System.Text.Json;
using Edna.Json;

namespace Edna.Changes;

/// <summary>Changes of a dataset as server-sent events, written once for all who read them.</summary>
internal sealed class ChangeEvents
{
    private readonly byte[] bytes;
    private readonly string[] cursors;
    private readonly int[] ends;

    private ChangeEvents(byte[] bytes, string[] cursors, int[] ends) => (this.bytes, this.cursors, this.ends) = (bytes, cursors, ends);

    /// <summary>The cursor of the last change.</summary>
    public string Last => cursors[^1];

    /// <summary>Bytes of all of them.</summary>
    public int Length => bytes.Length;

    /// <summary>Writes changes.</summary>
    /// <param name="changes">At least one, in order.</param>
    public static ChangeEvents Of(IReadOnlyList<ItemChange> changes)
    {
        var (output, cursors, ends) = (new ArrayBufferWriter<byte>(changes.Count * 256), new string[changes.Count], new int[changes.Count]);
        using var json = EdnaJson.WriterTo(output);
        for (var i = 0; i < cursors.Length; i++)
        {
            Encoding.UTF8.GetBytes($"id: {changes[i].Cursor}\nevent: change\ndata: ", output);
            JsonSerializer.Serialize(json, changes[i], EdnaJson.Of<ItemChange>());
            json.Flush();
            json.Reset();
            output.Write("\n\n"u8);
            (cursors[i], ends[i]) = (changes[i].Cursor, output.WrittenCount);
        }
        return new(output.WrittenSpan.ToArray(), cursors, ends);
    }

    /// <summary>The events after a cursor.</summary>
    public ReadOnlyMemory<byte> After(string cursor)
    {
        var at = Array.BinarySearch(cursors, cursor, StringComparer.Ordinal);
        var first = at < 0 ? ~at : at + 1;
        return bytes.AsMemory(first == 0 ? 0 : ends[first - 1]);
    }
}
