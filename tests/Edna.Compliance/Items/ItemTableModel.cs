using Edna.Items;
using Edna.Keys;
using Xunit;
using static Edna.Compliance.Items.TestRows;

namespace Edna.Compliance.Items;

/// <summary>What an item table does, in the plainest way.</summary>
internal sealed class ItemTableModel
{
    private readonly Dictionary<ItemKey, ItemRow> _rows = [];
    private readonly List<(string Path, long Revision)> _changes = [];

    public long RevisionOf(ItemKey key) => _rows.TryGetValue(key, out var row) ? row.Revision : 0;

    public bool TryWrite(ItemRow row, long expected)
    {
        if (RevisionOf(row.Key) != expected) return false;
        _rows[row.Key] = row with { IndexedRevision = _rows.TryGetValue(row.Key, out var old) ? old.IndexedRevision : 0 };
        _changes.Add((row.Path, row.Revision));
        return true;
    }

    public void MarkAllDirty()
    {
        foreach (var row in _rows.Values.ToList()) _rows[row.Key] = row with { IndexedRevision = 0 };
    }

    public void MarkIndexed(ItemKey key, long revision)
    {
        if (!_rows.TryGetValue(key, out var row) || revision > row.Revision) return;
        _rows[key] = row = row with { IndexedRevision = Math.Max(row.IndexedRevision, revision) };
        if (row.Status == ItemStatus.Purged && row.UploadDeadline is null && row.IndexedRevision == row.Revision) _rows.Remove(key);
    }

    public bool TryEndWatch(ItemRow ended)
    {
        if (!_rows.TryGetValue(ended.Key, out var row)) return true;
        if (row.Revision != ended.Revision || row.Status != ended.Status) return false;
        _rows[ended.Key] = row with { UploadDeadline = null, Body = ended.Body };
        MarkIndexed(ended.Key, row.IndexedRevision);
        return true;
    }

    public async Task AssertSameAsync(IItemTable table, CancellationToken ct)
    {
        Assert.Equal(
            _rows.Values.Select(Describe).Order(StringComparer.Ordinal),
            (await table.ScanAsync(Pets, null, 1000, ct)).Select(Describe).Order(StringComparer.Ordinal));
        Assert.Equal(
            _rows.Values.Where(row => row.Status != ItemStatus.Purged).Select(row => row.Path).Order(StringComparer.Ordinal),
            await table.ListAllAsync(Pets, new() { Limit = 2 }));
        Assert.Equal(_changes, (await table.AllChangesAsync(Pets)).Select(change => (change.Path, change.Revision)));
        var dirty = _rows.Values.Where(row => row.IndexedRevision < row.Revision).ToList();
        Assert.Equal(dirty.Select(row => row.Key.Shard).ToHashSet(), (await table.ListDirtyShardsAsync(ct)).ToHashSet());
        for (var shard = 0; shard < ShardKey.Count; shard++)
        {
            var key = new ShardKey(Pets, shard);
            Assert.Equal(
                dirty.Where(row => row.Key.Shard == key).Select(row => row.Path).Order(StringComparer.Ordinal),
                (await table.ReadDirtyAsync(key, 100, ct)).Select(row => row.Path).Order(StringComparer.Ordinal));
            Assert.Equal(
                _rows.Values.Where(row => row.Key.Shard == key && row.UploadDeadline < Noon.AddHours(1)).OrderBy(row => row.UploadDeadline).Select(row => row.Path),
                (await table.ReadOverdueAsync(key, Noon.AddHours(1), 100, ct)).Select(row => row.Path));
            Assert.Equal(
                _rows.Values.Where(row => row.Key.Shard == key && row.Status == ItemStatus.Trashed).Select(row => row.Path).Order(StringComparer.Ordinal),
                (await table.ReadTrashedAsync(key, Noon.AddHours(1), 100, ct)).Select(row => row.Path).Order(StringComparer.Ordinal));
        }
    }

    private static string Describe(ItemRow row) =>
        FormattableString.Invariant($"{row.Path} {row.Status} {row.Revision} {row.IndexedRevision} {row.UploadDeadline:O} {Convert.ToHexString(row.Body)}");
}
