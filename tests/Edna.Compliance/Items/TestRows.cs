using System.Text;
using System.Text.Json;
using Edna.Changes;
using Edna.Items;
using Edna.Keys;
using Xunit;

namespace Edna.Compliance.Items;

/// <summary>Rows for tests.</summary>
public static class TestRows
{
    public static DatasetKey Pets { get; } = new("default", "pets");

    public static DateTimeOffset Noon { get; } = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static NewChange Created { get; } = new(ChangeKind.Created, Noon, "ann");

    public static ItemRow Row(string path, long revision = 1, ItemStatus status = ItemStatus.Pending, DatasetKey? dataset = null) => new()
    {
        Key = new(dataset ?? Pets, ItemId.FromPath(path)),
        Path = path,
        Status = status,
        Revision = revision,
        UpdatedAt = Noon,
        Body = """{"size":1}"""u8.ToArray(),
    };

    public static ItemRow WithBody(this ItemRow row, Dictionary<string, string>? tags, params string[] classes) => row with
    {
        Body = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new
        {
            size = 1,
            metadata = new { tags = new { decoy = "x" }, list = new object[] { 1, "a", new { } } },
            tags,
            labels = new { revision = 2, classes = classes.ToDictionary(name => name, _ => 1) },
        })),
    };

    /// <summary>A path whose item is in a shard.</summary>
    public static string PathInShard(int shard, int n = 0) =>
        Enumerable.Range(0, int.MaxValue).Select(i => $"s{shard}/{i:d4}").Where(path => ItemId.ShardOf(ItemId.FromPath(path)) == shard).ElementAt(n);

    /// <summary>Writes one row over what is there.</summary>
    public static Task PutAsync(this IItemTable table, ItemRow row, NewChange? change = null) =>
        table.WriteAsync(row, row.Revision - 1, change ?? Created, CancellationToken.None);

    /// <summary>Every page of a list, and that each kept to its limit.</summary>
    public static async Task<List<string>> ListAllAsync(this IItemTable table, DatasetKey dataset, ItemListRequest request)
    {
        var paths = new List<string>();
        for (string? cursor = request.Cursor; ;)
        {
            var page = await table.ListAsync(dataset, request with { Cursor = cursor }, CancellationToken.None);
            Assert.InRange(page.Rows.Count, 0, request.Limit);
            paths.AddRange(page.Rows.Select(row => row.Path));
            if (page.NextCursor is null) return paths;
            Assert.NotEqual(cursor, page.NextCursor);
            cursor = page.NextCursor;
        }
    }

    /// <summary>Every change after a cursor.</summary>
    public static async Task<List<ItemChange>> AllChangesAsync(this IItemTable table, DatasetKey dataset, string? since = null, int limit = 7)
    {
        var changes = new List<ItemChange>();
        while (true)
        {
            var page = await table.ReadChangesAsync(dataset, since, limit, CancellationToken.None);
            Assert.NotNull(page);
            Assert.InRange(page.Changes.Count, 0, limit);
            if (page.Changes.Count == 0) return changes;
            changes.AddRange(page.Changes);
            since = page.NextCursor;
        }
    }
}
