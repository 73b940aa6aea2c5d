using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace Edna.Search.Sqlite;

/// <summary>The words of a document, and where they stand. One serves all documents, one after the other.</summary>
internal sealed class DocumentWords
{
    private readonly List<uint> _hashes = [];
    private readonly List<uint> _former = [];
    private readonly List<PlacedWord> _words = [];

    /// <summary>Every word where it stands, as often as it does.</summary>
    public ReadOnlySpan<PlacedWord> Words => CollectionsMarshal.AsSpan(_words);

    /// <summary>The hashes of the words, ascending, each once.</summary>
    public ReadOnlySpan<uint> Hashes => CollectionsMarshal.AsSpan(_hashes);

    /// <summary>The same as it lies in the file, in the machine's byte order (little-endian wherever .NET runs).</summary>
    public ReadOnlySpan<byte> Packed => MemoryMarshal.AsBytes(Hashes);

    /// <summary>Takes the words of a text, and forgets those of the one before.</summary>
    public void Fill(DocumentText text)
    {
        _hashes.Clear();
        _former.Clear();
        _words.Clear();
        Add(WordColumn.Path, text.Path);
        Add(WordColumn.Metadata, text.Metadata);
        Add(WordColumn.Labels, text.Labels);
        _hashes.Sort();
        var kept = 0;
        for (var i = 0; i < _hashes.Count; i++)
            if (i == 0 || _hashes[i] != _hashes[i - 1]) _hashes[kept++] = _hashes[i];
        CollectionsMarshal.SetCount(_hashes, kept);
    }

    /// <summary>Notes which words the document had before, as they lie in the file.</summary>
    public void TakeFormer(ReadOnlySpan<uint> hashes)
    {
        _former.Clear();
        _former.AddRange(hashes);
    }

    /// <summary>Whether the document had a word before, as far as that was noted.</summary>
    public bool Had(uint hash) => _former.BinarySearch(hash) >= 0;

    /// <summary>The hash that stands for a word in the file: never change it.</summary>
    public static uint HashOf(ReadOnlySpan<byte> utf8) => (uint)XxHash3.HashToUInt64(utf8);

    private void Add(WordColumn column, ReadOnlySpan<byte> text)
    {
        foreach (var range in text.Split((byte)' '))
        {
            var (start, length) = range.GetOffsetAndLength(text.Length);
            if (length == 0) continue;
            var hash = HashOf(text.Slice(start, length));
            _hashes.Add(hash);
            _words.Add(new(hash, column, start, length));
        }
    }
}

/// <summary>A word of a document.</summary>
/// <param name="Hash">Its hash.</param>
/// <param name="Column">Where it stands.</param>
/// <param name="Start">Its first byte there.</param>
/// <param name="Length">How many bytes it has.</param>
internal readonly record struct PlacedWord(uint Hash, WordColumn Column, int Start, int Length);

/// <summary>The texts of a document that have words.</summary>
internal enum WordColumn
{
    /// <summary>The path.</summary>
    Path,

    /// <summary>Metadata values.</summary>
    Metadata,

    /// <summary>Label classes.</summary>
    Labels,
}
