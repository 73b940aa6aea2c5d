using System.Text;
using Edna.Sqlite;

namespace Edna.Search.Sqlite;

/// <summary>
/// Words that many documents have. The inverted index takes long over them, so each becomes a term as values are: its documents are
/// kept as postings, apart for path, metadata and labels. Which words are frequent is found while documents are written: a word is counted
/// until it has come up in <paramref name="frequentFrom"/> documents; when too many words are being counted, all counts are halved and what has none left is
/// forgotten. A frequent word is none any more when a quarter as many documents have it, or when there are no places left and its tenant has more of them than
/// another one that needs one.
/// </summary>
/// <param name="connection">The writer's connection.</param>
/// <param name="frequentFrom">Documents that make a word frequent.</param>
/// <param name="places">Words that are frequent at a time, all tenants together.</param>
internal sealed class FrequentWords(Connection connection, int frequentFrom, int places = FrequentWords.Places)
{
    private const int Places = 4_096;
    private const int MostCounted = 65_536;

    private readonly Dictionary<uint, FrequentWord> _words = [];
    private readonly HashSet<int> _terms = [];
    private readonly List<(string Word, string Tenant)> _found = [];
    private readonly Postings _postings = new(connection);
    private Dictionary<uint, int> _counts = [];
    private bool _isForgotten;

    /// <summary>The frequent word that has a hash; another word may have the same.</summary>
    public bool TryGet(uint hash, out FrequentWord word)
    {
        if (_isForgotten) Load();
        return _words.TryGetValue(hash, out word!);
    }

    /// <summary>Whether a term is one of a frequent word.</summary>
    public bool IsWord(int term) => _terms.Contains(term);

    /// <summary>Counts the words of a document, but those that it had before.</summary>
    /// <param name="document">The words.</param>
    /// <param name="text">What they stand in.</param>
    /// <param name="tenant">Whose it is.</param>
    public void Count(DocumentWords document, DocumentText text, string tenant)
    {
        if (_isForgotten) Load();
        foreach (var hash in document.Hashes)
        {
            if (_words.ContainsKey(hash) || document.Had(hash)) continue;
            ref var count = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_counts, hash, out _);
            if (++count < frequentFrom) continue;
            // It starts again: should the word find no place, or lose it, it can become frequent later.
            count = 0;
            _found.Add((TextOf(hash, document, text), tenant));
        }
        if (_counts.Count <= MostCounted) return;
        _counts = _counts.Where(pair => pair.Value > 1).ToDictionary(pair => pair.Key, pair => pair.Value / 2);
    }

    /// <summary>Makes terms of the words that were found to be frequent, with all documents that have them by now.</summary>
    /// <param name="session">Gives numbers to terms.</param>
    public void Promote(SearchWriteSession session)
    {
        foreach (var (text, tenant) in _found)
        {
            var hash = DocumentWords.HashOf(Encoding.UTF8.GetBytes(text));
            if (_words.ContainsKey(hash) || !TryGetPlace(session, tenant)) continue;
            var word = new FrequentWord(Encoding.UTF8.GetBytes(text), tenant, [.. SearchFields.Words.Select(field => session.TermOf(session.FieldOf(field), text))]);
            foreach (var column in Enum.GetValues<WordColumn>())
            {
                var rows = connection.Prepare("SELECT rowid FROM doc_text WHERE doc_text MATCH ?").Bind(1, WordMatch.Of([text], isPrefix: false, [column]));
                while (rows.Step()) session.Postings.Add(word.TermIn(column), rows.Long(0));
            }
            connection.Prepare("INSERT INTO frequent_word (word, tenant) VALUES (?, ?)").Bind(1, text).Bind(2, tenant).Run();
            Add(hash, word);
        }
        _found.Clear();
    }

    /// <summary>
    /// Gives up the places of words that few documents have by now. Called when the postings are written. A word is looked at after it has lost some documents, and
    /// only as far as tells.
    /// </summary>
    public void Demote(WrittenTerms terms)
    {
        var few = frequentFrom / 4;
        foreach (var (hash, word) in _words.Where(pair => pair.Value.Lost > few).ToList())
        {
            word.Lost = 0;
            if (word.Terms.ToArray().Any(term => _postings.HasMoreThan(term, few))) continue;
            Remove(hash, word);
            foreach (var term in word.Terms) terms.Remove(term);
        }
    }

    /// <summary>A place for one more word of a tenant. When there is none, whoever has most gives one up, to those that have fewer.</summary>
    private bool TryGetPlace(SearchWriteSession session, string tenant)
    {
        if (_words.Count < places) return true;
        var most = _words.Values.CountBy(word => word.Tenant).MaxBy(pair => pair.Value);
        if (_words.Values.Count(word => word.Tenant == tenant) + 1 >= most.Value) return false;
        var (hash, given) = _words.First(pair => pair.Value.Tenant == most.Key);
        Remove(hash, given);
        session.Drop(given.Terms);
        return true;
    }

    private void Remove(uint hash, FrequentWord word)
    {
        _words.Remove(hash);
        foreach (var term in word.Terms)
        {
            _terms.Remove(term);
            connection.Prepare("DELETE FROM posting WHERE key >= ? AND key < ?").Bind(1, Postings.KeyOf(term, 0)).Bind(2, Postings.KeyOf(term + 1, 0)).Run();
        }
        connection.Prepare("DELETE FROM frequent_word WHERE word = ?").Bind(1, word.Text).Run();
    }

    private void Add(uint hash, FrequentWord word)
    {
        _words[hash] = word;
        foreach (var term in word.Terms) _terms.Add(term);
    }

    /// <summary>
    /// Forgets everything: a transaction left nothing. The words are read when one is asked for, in the next transaction: what is wrong with the file is that one's fault.
    /// </summary>
    public void Forget()
    {
        _words.Clear();
        _terms.Clear();
        _found.Clear();
        _counts.Clear();
        _isForgotten = true;
    }

    /// <summary>Takes the words that the file has for frequent.</summary>
    public void Load()
    {
        Forget();
        var rows = connection.Prepare("""
            SELECT w.word, p.number, m.number, l.number, w.tenant FROM frequent_word w
            JOIN term p ON p.value = w.word AND p.field = (SELECT number FROM field WHERE name = ?1)
            JOIN term m ON m.value = w.word AND m.field = (SELECT number FROM field WHERE name = ?2)
            JOIN term l ON l.value = w.word AND l.field = (SELECT number FROM field WHERE name = ?3)
            """);
        for (var column = 0; column < SearchFields.Words.Count; column++) rows.Bind(column + 1, SearchFields.Words[column]);
        while (rows.Step())
        {
            var utf8 = rows.Bytes(0).ToArray();
            // It is looked at when it loses its next document: what it lost before is not known.
            Add(DocumentWords.HashOf(utf8), new(utf8, rows.Text(4), [rows.Int(1), rows.Int(2), rows.Int(3)]) { Lost = frequentFrom / 4 });
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
/// <param name="tenant">Whose document made it frequent.</param>
/// <param name="terms">Its terms, in the order of <see cref="WordColumn"/>.</param>
internal sealed class FrequentWord(byte[] utf8, string tenant, int[] terms)
{
    /// <summary>Whose document made it frequent.</summary>
    public string Tenant => tenant;

    /// <summary>Documents that have left it since it was looked at.</summary>
    public int Lost { get; set; }

    /// <summary>The word.</summary>
    public string Text => Encoding.UTF8.GetString(utf8);

    /// <summary>Its terms, in the order of <see cref="WordColumn"/>.</summary>
    public ReadOnlySpan<int> Terms => terms;

    /// <summary>Whether this is the word.</summary>
    public bool Is(ReadOnlySpan<byte> word) => word.SequenceEqual(utf8);

    /// <summary>The term that stands for the word in a text.</summary>
    public int TermIn(WordColumn column) => terms[(int)column];
}
