using System.Text.Json;
using Edna.Items;

namespace Edna.Search.Elasticsearch;

/// <summary>A document on its way: which, and where its lines stand in the body.</summary>
/// <param name="Document">The document.</param>
/// <param name="Start">The first byte.</param>
/// <param name="Length">Bytes, the last line's end among them.</param>
internal readonly record struct BulkOperation(SearchDocument Document, int Start, int Length)
{
    /// <summary>
    /// The most bytes that a document's lines may have. An item within the limits of EDNA stays far below, unless its metadata is a long list
    /// below a long name: each of its values is kept with the whole name. The smallest body that can be configured has room for five.
    /// </summary>
    public const int Largest = 1_000_000;

    /// <summary>Whether it removes the item.</summary>
    public bool Removes => Document.Status == ItemStatus.Purged;

    /// <summary>
    /// Writes the lines of a document: what to do, under which version, and the document. Versions come from outside: the server takes
    /// only what is newer than what it has, so late and repeated requests do no harm.
    /// </summary>
    public static BulkOperation Write(PooledBuffer to, Utf8JsonWriter json, SearchDocument document)
    {
        var start = to.Length;
        json.Reset(to);
        json.WriteStartObject();
        json.WriteStartObject(document.Status == ItemStatus.Purged ? "delete" : "index");
        json.WriteString("_id", document.Key.ToString());
        json.WriteNumber("version", document.Revision);
        json.WriteString("version_type", "external");
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        End(to);
        if (document.Status != ItemStatus.Purged)
        {
            json.Reset(to);
            DocumentJson.Write(json, document);
            json.Flush();
            End(to);
        }
        return new(document, start, to.Length - start);
    }

    private static void End(PooledBuffer to)
    {
        to.GetSpan(1)[0] = (byte)'\n';
        to.Advance(1);
    }
}
