using System.Runtime.InteropServices;

namespace Edna.Search.Sqlite;

/// <summary>What a document is filtered and counted by, as numbers. One serves all documents, one after the other.</summary>
internal sealed class DocumentTerms
{
    private readonly List<TermOfField> _terms = [];

    /// <summary>The values of the document.</summary>
    public ReadOnlySpan<TermOfField> Values => CollectionsMarshal.AsSpan(_terms);

    /// <summary>The same for counting: pairs of field and term, 4 bytes each, in the machine's byte order (little-endian wherever .NET runs).</summary>
    public ReadOnlySpan<byte> Packed => MemoryMarshal.AsBytes(Values);

    /// <summary>Takes the values of a document, and forgets those of the one before.</summary>
    public void Fill(SearchWriteSession session, SearchDocument document)
    {
        _terms.Clear();
        Add(session, SearchFields.ContentType, document.ContentType);
        if (document.Split is { } split) Add(session, SearchFields.Split, split);
        foreach (var (key, value) in document.Tags) Add(session, SearchFields.Tag(key), value);
        if (document.LabelClasses.Count == 0) return;
        foreach (var label in document.LabelClasses.Distinct(StringComparer.Ordinal)) Add(session, SearchFields.Label, label);
    }

    private void Add(SearchWriteSession session, string name, string value)
    {
        var field = session.FieldOf(name);
        _terms.Add(new(field, session.TermOf(field, value)));
    }
}

/// <summary>A value that a document has, by the numbers of field and value.</summary>
/// <param name="Field">The field's number.</param>
/// <param name="Term">The value's number.</param>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal readonly record struct TermOfField(int Field, int Term);
