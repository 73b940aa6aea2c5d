using System.Runtime.InteropServices;
using Edna.Items;
using Edna.Sqlite;

namespace Edna.Search.Sqlite;

/// <summary>Counts hits by the values of the fields asked for.</summary>
internal sealed class FacetCounts
{
    private const int Values = 100;

    private readonly List<(string Name, int Field)> _fields = [];
    private readonly Dictionary<int, Dictionary<int, long>> _counts = [];
    private readonly long[]? _statuses;

    public FacetCounts(Connection connection, IReadOnlyList<string> facets)
    {
        foreach (var name in facets)
        {
            if (name == SearchFields.Status)
            {
                _statuses = new long[Enum.GetValues<ItemStatus>().Length];
                continue;
            }
            var row = connection.Prepare("SELECT number FROM field WHERE name = ?").Bind(1, name);
            var field = row.Step() ? row.Int(0) : 0;
            row.Reset();
            _fields.Add((name, field));
            _counts[field] = [];
        }
    }

    /// <summary>Counts a hit.</summary>
    /// <param name="status">Its status.</param>
    /// <param name="terms">Its values.</param>
    public void Count(ItemStatus status, ReadOnlySpan<byte> terms)
    {
        if (_statuses is not null) _statuses[(int)status]++;
        if (_fields.Count == 0) return;
        foreach (var term in MemoryMarshal.Cast<byte, TermOfField>(terms))
            if (_counts.TryGetValue(term.Field, out var counts)) CollectionsMarshal.GetValueRefOrAddDefault(counts, term.Term, out _)++;
    }

    /// <summary>The counts, most first and then by value.</summary>
    public Dictionary<string, IReadOnlyList<FacetValue>> Read(Connection connection)
    {
        var facets = new Dictionary<string, IReadOnlyList<FacetValue>>(StringComparer.Ordinal);
        foreach (var (name, field) in _fields) facets[name] = Top(connection, field, _counts[field]);
        if (_statuses is not null)
        {
            facets[SearchFields.Status] = [.. _statuses
                .Select((count, status) => new FacetValue { Value = ((ItemStatus)status).ToString().ToLowerInvariant(), Count = count })
                .Where(value => value.Count > 0).OrderByDescending(value => value.Count).ThenBy(value => value.Value, StringComparer.Ordinal)];
        }
        return facets;
    }

    /// <summary>
    /// Above the count of the last place all are wanted; of those with just that count, the first by value, which the index of
    /// terms gives in order: of a field with a million values only a few are read.
    /// </summary>
    private static IReadOnlyList<FacetValue> Top(Connection connection, int field, Dictionary<int, long> counts)
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
