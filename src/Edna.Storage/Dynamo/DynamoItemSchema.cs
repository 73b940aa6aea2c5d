namespace Edna.Storage.Dynamo;

/// <summary>The names in the table of items (<see cref="Tables.DynamoTable.Items"/>).</summary>
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
}
