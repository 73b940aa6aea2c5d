using System.Runtime.InteropServices;
using System.Text;

namespace Edna.Search.Sqlite;

/// <summary>What a document is filtered and counted by: as tokens for the inverted index, and packed for counting.</summary>
internal sealed class DocumentTerms
{
    private readonly List<TermOfField> _terms = [];

    public DocumentTerms(SearchWriteSession session, SearchDocument document, int dataset)
    {
        var tokens = new StringBuilder(SearchToken.OfDataset(dataset));
        var tenant = session.TermOf(session.FieldOf(SearchFields.Tenant), document.Key.Dataset.Tenant);
        tokens.Append(' ').Append(SearchToken.OfTerm(tenant));
        Add(session, SearchFields.ContentType, document.ContentType);
        if (document.Split is { } split) Add(session, SearchFields.Split, split);
        foreach (var (key, value) in document.Tags) Add(session, SearchFields.Tag(key), value);
        foreach (var label in document.LabelClasses.Distinct(StringComparer.Ordinal)) Add(session, SearchFields.Label, label);
        foreach (var term in _terms) tokens.Append(' ').Append(SearchToken.OfTerm(term.Term));
        foreach (var (field, value) in document.Metadata) tokens.Append(' ').Append(SearchToken.OfMetadata(field, value));
        Tokens = tokens.ToString();
    }

    /// <summary>Words for the column <c>terms</c>.</summary>
    public string Tokens { get; }

    /// <summary>Pairs of field and term, 4 bytes each, in the machine's byte order (little-endian wherever .NET runs).</summary>
    public ReadOnlySpan<byte> Packed => MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_terms));

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
