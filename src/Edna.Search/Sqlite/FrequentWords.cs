using System.Text;
using Edna.Sqlite;

namespace Edna.Search.Sqlite;

/// <summary>
/// Words that many documents have. The inverted index takes long over them, so each becomes a term as values are: its documents are
/// kept as postings, apart for path, metadata and labels. Which words are frequent is found while documents are written: a word is counted
/// until it has come up in <paramref name="frequentFrom"/> documents; when too many words are being counted, all counts are halved and what has none left is
/// forgotten. A frequent word stays one.
/// </summary>
/// <param name="connection">The writer's connection.</param>
/// <param name="frequentFrom">Documents that make a word frequent.</param>
internal sealed class FrequentWords(Connection connection, int frequentFrom)
{
    private const int MostFrequent = 4_096;
    private const int MostCounted = 65_536;

    private readonly Dictionary<uint, FrequentWord> _words = [];
    private readonly List<string> _found = [];
    private Dictionary<uint, int> _counts = [];
    private bool _isForgotten;

    /// <summary>The frequent word that has a hash; another word may have the same.</summary>
    public bool TryGet(uint hash, out FrequentWord word)
    {
        if (_isForgotten) Load();
        return _words.TryGetValue(hash, out word!);
    }

    /// <summary>Counts the words of a document, but those that it had before.</summary>
    public void Count(DocumentWords document, DocumentText text)
    {
        if (_isForgotten) Load();
        foreach (var hash in document.Hashes)
        {
            if (_words.ContainsKey(hash) || document.Had(hash)) continue;
            ref var count = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_counts, hash, out _);
            if (++count == frequentFrom) _found.Add(TextOf(hash, document, text));
        }
        if (_counts.Count <= MostCounted) return;
        _counts = _counts.Where(pair => pair.Value > 1).ToDictionary(pair => pair.Key, pair => pair.Value / 2);
    }

    /// <summary>Makes terms of the words that were found to be frequent, with all documents that have them by now.</summary>
    /// <param name="session">Gives numbers to terms.</param>
    public void Promote(SearchWriteSession session)
    {
        foreach (var text in _found)
        {
            var hash = DocumentWords.HashOf(Encoding.UTF8.GetBytes(text));
            if (_words.Count == MostFrequent || _words.ContainsKey(hash)) continue;
            var word = new FrequentWord(Encoding.UTF8.GetBytes(text), [.. SearchFields.Words.Select(field => session.TermOf(session.FieldOf(field), text))]);
            foreach (var column in Enum.GetValues<WordColumn>())
            {
                var rows = connection.Prepare("SELECT rowid FROM doc_text WHERE doc_text MATCH ?").Bind(1, WordMatch.Of([text], isPrefix: false, [column]));
                while (rows.Step()) session.Postings.Add(word.TermIn(column), rows.Long(0));
            }
            _words[hash] = word;
        }
        _found.Clear();
    }

    /// <summary>
    /// Forgets everything: a transaction left nothing. The words are read when one is asked for, in the next transaction: what is wrong with the file is that one's fault.
    /// </summary>
    public void Forget()
    {
        _words.Clear();
        _found.Clear();
        _counts.Clear();
        _isForgotten = true;
    }

    /// <summary>Takes the words that the file has for frequent.</summary>
    public void Load()
    {
        Forget();
        var rows = connection.Prepare("""
            SELECT p.value, p.number, m.number, l.number FROM term p
            JOIN term m ON m.value = p.value AND m.field = (SELECT number FROM field WHERE name = ?2)
            JOIN term l ON l.value = p.value AND l.field = (SELECT number FROM field WHERE name = ?3)
            WHERE p.field = (SELECT number FROM field WHERE name = ?1)
            """);
        for (var column = 0; column < SearchFields.Words.Count; column++) rows.Bind(column + 1, SearchFields.Words[column]);
        while (rows.Step())
        {
            var utf8 = rows.Bytes(0).ToArray();
            _words[DocumentWords.HashOf(utf8)] = new(utf8, [rows.Int(1), rows.Int(2), rows.Int(3)]);
        }
        _isForgotten = false;
    }

    private static string TextOf(uint hash, DocumentWords document, DocumentText text)
    {
        foreach (var word in document.Words)
            if (word.Hash == hash) return Encoding.UTF8.GetString(text.Of(word));
        throw new ArgumentException("The document does not have the word.", nameof(document));
    }
}

/// <summary>A word that many documents have.</summary>
/// <param name="utf8">The word.</param>
/// <param name="terms">Its terms, in the order of <see cref="WordColumn"/>.</param>
internal sealed class FrequentWord(byte[] utf8, int[] terms)
{
    /// <summary>Its terms, in the order of <see cref="WordColumn"/>.</summary>
    public ReadOnlySpan<int> Terms => terms;

    /// <summary>Whether this is the word.</summary>
    public bool Is(ReadOnlySpan<byte> word) => word.SequenceEqual(utf8);

    /// <summary>The term that stands for the word in a text.</summary>
    public int TermIn(WordColumn column) => terms[(int)column];
}
