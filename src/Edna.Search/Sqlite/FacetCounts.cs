using System.Runtime.InteropServices;
using Edna.Sqlite;

namespace Edna.Search.Sqlite;

/// <summary>Counts hits by the values of a field.</summary>
/// <param name="connection">The connection.</param>
/// <param name="sets">The sets of the search.</param>
/// <param name="hits">The hits.</param>
internal sealed class FacetCounts(Connection connection, IdSets sets, IdSet hits)
{
    private const int Values = 100;
    private const int Statuses = 8;

    private readonly Postings _postings = new(connection);
    private readonly SearchLookups _lookups = new(connection);
    private readonly long _hits = hits.Count;

    /// <summary>The most frequent values, most first and then by value.</summary>
    /// <param name="name">The field.</param>
    public IReadOnlyList<FacetValue> Of(string name) =>
        _hits > 0 && _lookups.Field(name) is { } field ? Top(field, Count(field)) : [];

    /// <summary>
    /// Of a field with few values each is counted as what its documents and the hits have in common; otherwise, or when there are few hits, the values of each hit are
    /// counted. What must be read decides. Status is in postings alone.
    /// </summary>
    private Dictionary<int, long> Count(int field)
    {
        var counts = new Dictionary<int, long>();
        var terms = _lookups.Terms(field, "", most: Math.Max(Statuses, _hits / sets.Chunks));
        if (terms is null) return CountHits(field, counts);
        foreach (var term in terms)
            if (_postings.CountIn(hits, term) is > 0 and var count) counts[term] = count;
        return counts;
    }

    private Dictionary<int, long> CountHits(int field, Dictionary<int, long> counts)
    {
        var row = connection.Prepare("SELECT terms FROM doc WHERE id = ?");
        foreach (var id in hits.Ids())
        {
            row.Bind(1, id).Step();
            foreach (var term in MemoryMarshal.Cast<byte, TermOfField>(row.Bytes(0)))
                if (term.Field == field) CollectionsMarshal.GetValueRefOrAddDefault(counts, term.Term, out _)++;
            row.Reset();
        }
        return counts;
    }

    /// <summary>
    /// Above the count of the last place all are wanted; of those with just that count, the first by value, which the index of
    /// terms gives in order: of a field with a million values only a few are read.
    /// </summary>
    private IReadOnlyList<FacetValue> Top(int field, Dictionary<int, long> counts)
    {
        var last = counts.Count <= Values ? 0 : counts.Values.OrderDescending().ElementAt(Values - 1);
        var top = new List<FacetValue>();
        foreach (var (term, count) in counts.Where(pair => pair.Value > last))
        {
            var row = connection.Prepare("SELECT value FROM term WHERE number = ?").Bind(1, term);
            row.Step();
            top.Add(new() { Value = row.Text(0), Count = count });
            row.Reset();
        }
        var ties = connection.Prepare("SELECT number, value FROM term WHERE field = ? ORDER BY value").Bind(1, field);
        while (last > 0 && top.Count < Values && ties.Step())
            if (counts.TryGetValue(ties.Int(0), out var count) && count == last) top.Add(new() { Value = ties.Text(1), Count = count });
        ties.Reset();
        return [.. top.OrderByDescending(value => value.Count).ThenBy(value => value.Value, StringComparer.Ordinal)];
    }
}
