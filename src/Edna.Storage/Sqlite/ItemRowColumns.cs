using Edna.Items;
using Edna.Keys;
using Edna.Sqlite;

namespace Edna.Storage.Sqlite;

/// <summary>The columns of an item row, in the order in which every query of whole rows names them.</summary>
internal static class ItemRowColumns
{
    public const string All = "item_id, path, status, revision, indexed_revision, upload_deadline, updated_at, split, body";

    public static ItemRow Read(Statement row, DatasetKey dataset) => new()
    {
        Key = new(dataset, PackedItemId.Unpack(row.Bytes(0))),
        Path = row.Text(1),
        Status = (ItemStatus)row.Int(2),
        Revision = row.Long(3),
        IndexedRevision = row.Long(4),
        UploadDeadline = row.NullableLong(5) is { } deadline ? FromTicks(deadline) : null,
        UpdatedAt = FromTicks(row.Long(6)),
        Split = row.NullableText(7),
        Body = row.Bytes(8).ToArray(),
    };

    public static DateTimeOffset FromTicks(long ticks) => new(ticks, TimeSpan.Zero);
}
