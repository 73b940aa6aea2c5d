using System.Buffers;
using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace Edna.Search.Sqlite;

/// <summary>
/// The columns of the inverted index, words as <see cref="SearchWords"/> spells them, in UTF-8, one column after the other in one
/// buffer. One serves all documents, one after the other: thousands are pushed a second, and hardly any leaves garbage here.
/// </summary>
internal sealed class DocumentText
{
    private readonly ArrayBufferWriter<byte> _utf8 = new(1_024);
    private readonly int[] _ends = new int[4];

    public ReadOnlySpan<byte> Path => _utf8.WrittenSpan[.._ends[0]];

    public ReadOnlySpan<byte> Metadata => _utf8.WrittenSpan[_ends[0].._ends[1]];

    public ReadOnlySpan<byte> Labels => _utf8.WrittenSpan[_ends[1].._ends[2]];

    /// <summary>Words that stand for values: see <see cref="SearchToken"/>.</summary>
    public ReadOnlySpan<byte> Tokens => _utf8.WrittenSpan[_ends[2].._ends[3]];

    /// <summary>Tells documents apart: whether an item's words and values are those that are there already.</summary>
    /// <param name="terms">The values, packed.</param>
    public long Fingerprint(ReadOnlySpan<byte> terms) => (long)XxHash3.HashToUInt64(_utf8.WrittenSpan, (long)XxHash3.HashToUInt64(terms));

    /// <summary>A word of the document.</summary>
    public ReadOnlySpan<byte> Of(PlacedWord word) => (word.Column switch
    {
        WordColumn.Path => Path,
        WordColumn.Metadata => Metadata,
        _ => Labels,
    }).Slice(word.Start, word.Length);

    /// <summary>Takes the text of a document, and forgets that of the one before.</summary>
    /// <param name="document">The document.</param>
    public void Fill(SearchDocument document)
    {
        _utf8.ResetWrittenCount();
        SearchWords.Write(document.Path, _utf8);
        _ends[0] = _utf8.WrittenCount;
        foreach (var (_, value) in document.Metadata) Add(value);
        _ends[1] = _utf8.WrittenCount;
        foreach (var label in document.LabelClasses) Add(label);
        _ends[2] = _utf8.WrittenCount;
        foreach (var (field, value) in document.Metadata)
        {
            SearchToken.WriteMetadata(_utf8, field, value);
            Space();
        }
        _ends[3] = _utf8.WrittenCount;
        // The fingerprint also tells where one column ends and the next begins.
        _utf8.Write(MemoryMarshal.AsBytes(_ends.AsSpan()));
    }

    private void Add(string text)
    {
        SearchWords.Write(text, _utf8);
        Space();
    }

    private void Space() => _utf8.Write(" "u8);
}
