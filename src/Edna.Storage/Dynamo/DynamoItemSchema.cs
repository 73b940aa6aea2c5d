using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace Edna.Storage.Dynamo;

/// <summary>
/// The table of items: one definition, for whoever makes it. On demand; restored to any point in time when that is switched on
/// (<see cref="PointInTimeRecovery"/>). The indexes are local ones, for these can be read strongly: the outbox must not overlook a row.
/// </summary>
internal static class DynamoItemSchema
{
    /// <summary>All items of the table that belong together: a shard's rows, a stretch of a feed.</summary>
    public const string PartitionKey = "pk";

    /// <summary>Within those: an item's id, a segment's last number.</summary>
    public const string SortKey = "sk";

    /// <summary>Every row by its path, UTF-8 as binary, so that the order is that of the bytes.</summary>
    public const string ByPath = "by-path";

    /// <summary>Rows that the search index has not taken in, by when they were written.</summary>
    public const string ByDirty = "by-dirty";

    /// <summary>Rows with an upload deadline, by it.</summary>
    public const string ByDeadline = "by-deadline";

    /// <summary>Rows in the trash, by when they were written.</summary>
    public const string ByTrash = "by-trash";

    /// <summary>Whether the table is to be kept so that it can be restored to any second of the last weeks.</summary>
    public const bool PointInTimeRecovery = true;

    /// <summary>What makes the table.</summary>
    /// <param name="table">Its name.</param>
    public static CreateTableRequest Definition(string table) => new()
    {
        TableName = table,
        BillingMode = BillingMode.PAY_PER_REQUEST,
        AttributeDefinitions =
        [
            new(PartitionKey, ScalarAttributeType.S), new(SortKey, ScalarAttributeType.S), new(ItemAttributes.Path, ScalarAttributeType.B),
            new(ItemAttributes.Dirty, ScalarAttributeType.N), new(ItemAttributes.Deadline, ScalarAttributeType.N), new(ItemAttributes.Trashed, ScalarAttributeType.N),
        ],
        KeySchema = [new(PartitionKey, KeyType.HASH), new(SortKey, KeyType.RANGE)],
        LocalSecondaryIndexes =
        [
            Index(ByPath, ItemAttributes.Path), Index(ByDirty, ItemAttributes.Dirty),
            Index(ByDeadline, ItemAttributes.Deadline), Index(ByTrash, ItemAttributes.Trashed),
        ],
    };

    /// <summary>Makes the table of a test, and waits until it can be used.</summary>
    public static async Task CreateAsync(IAmazonDynamoDB client, string table, CancellationToken ct)
    {
        var made = (await client.CreateTableAsync(Definition(table), ct)).TableDescription;
        while (made.TableStatus != TableStatus.ACTIVE)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), ct);
            made = (await client.DescribeTableAsync(table, ct)).Table;
        }
    }

    /// <summary>Only keys: what a row holds is read from the row, so a write pays an index only for its place in it.</summary>
    private static LocalSecondaryIndex Index(string name, string sortKey) => new()
    {
        IndexName = name,
        KeySchema = [new(PartitionKey, KeyType.HASH), new(sortKey, KeyType.RANGE)],
        Projection = new() { ProjectionType = ProjectionType.KEYS_ONLY },
    };
}
