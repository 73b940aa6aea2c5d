using System.Globalization;
using System.Text;
using Amazon.DynamoDBv2.Model;
using Edna.Changes;
using Edna.Items;
using Edna.Keys;
using Edna.Storage.Dynamo;

namespace Edna.Benchmarks;

/// <summary>
/// What writing an item costs in DynamoDB's write units: the actions that EDNA sends, sized and counted by DynamoDB's published rules. A unit writes 1 KB, in a
/// transaction half of it; an entry that comes to a local index or leaves it is a unit more, one that changes its place is two. Whether entries count double in
/// transactions too, the rules do not say; here they count once.
/// </summary>
internal static class TableUnits
{
    private const int Kilobyte = 1_024;
    private const int InTransaction = 2;
    private static readonly DatasetKey s_dataset = new("default", "plants");
    private static readonly DynamoItemKeys s_keys = new("EdnaItems", "edna");

    /// <summary>Announcing puts the entries by path, by dirty and by deadline.</summary>
    public const int EntriesOfAnnouncing = 3;

    /// <summary>Confirming moves the one by dirty, and takes the one by deadline away.</summary>
    public const int EntriesOfConfirming = 3;

    /// <summary>Noting as indexed: one plain update, which takes the entry by dirty away.</summary>
    public const int Indexed = 2;

    /// <summary>Units on the partition of the item's row, announced and confirmed and noted as indexed.</summary>
    public static double Row { get; } =
        RowUnits(RowOf(1, 1, ItemStatus.Pending)) + EntriesOfAnnouncing + RowUnits(RowOf(1, 2, ItemStatus.Available)) + EntriesOfConfirming + Indexed;

    /// <summary>Units on the partition of the feed's head, for a transaction.</summary>
    public const double Head = InTransaction;

    /// <summary>Units on the partition of the feed, for a transaction of so many rows.</summary>
    public static double Segment(int rows) => s_segments[Math.Clamp(rows, 1, s_segments.Length - 1)];

    /// <summary>The most rows in a transaction.</summary>
    public const int MostRows = 100 - ItemCommit.Overhead;

    /// <summary>Bytes of a row that was confirmed, in the table.</summary>
    public static int RowBytes { get; } = SizeOf(RowItem(RowOf(1, 2, ItemStatus.Available)));

    /// <summary>Bytes of the changes of a full transaction.</summary>
    public static int SegmentBytes { get; } = SizeOf(SegmentOf(MostRows));

    private static readonly double[] s_segments = [0, .. Enumerable.Range(1, MostRows).Select(rows => InTransaction * Kilobytes(SizeOf(SegmentOf(rows))))];

    /// <summary>Units of an item's whole way in, when so many rows go together.</summary>
    public static double Life(int together) => Row + (2 * (Head + Segment(together)) / together);

    private static double RowUnits(ItemRow row) => InTransaction * Kilobytes(SizeOf(RowItem(row)));

    private static double Kilobytes(int bytes) => Math.Ceiling((double)bytes / Kilobyte);

    private static Dictionary<string, AttributeValue> RowItem(ItemRow row)
    {
        var (_, values) = ItemAttributes.Write(row, PackedBytes.Pack(row.Body));
        var item = s_keys.Row(row.Key);
        foreach (var (placeholder, value) in values) item[placeholder[1..]] = value;
        return item;
    }

    private static Dictionary<string, AttributeValue> SegmentOf(int rows)
    {
        var at = DateTimeOffset.UnixEpoch.AddYears(56);
        var writes = Enumerable.Range(0, rows).Select(i => new ItemWrite(RowOf(i, 2, ItemStatus.Available), 1, new(ChangeKind.Available, at.AddMilliseconds(i), "auth0|5f7c8ec7c33c6c004bbafe82"))).ToList();
        return FeedSegment.Write(s_keys, s_dataset, 1_760_000_000_000_000, writes, $"{Guid.NewGuid():n}").Item;
    }

    /// <summary>An item as teams have them: a photograph with three tags and a little metadata.</summary>
    private static ItemRow RowOf(int i, long revision, ItemStatus status)
    {
        var (path, at) = (string.Create(CultureInfo.InvariantCulture, $"train/berlin/2026-11-23/IMG_{i:d7}.jpg"), DateTimeOffset.UnixEpoch.AddYears(56));
        return ItemView.RowOf(new(s_dataset, ItemId.FromPath(path)), new ItemState
        {
            Path = path, Status = status, Revision = revision, ContentType = "image/jpeg", Size = 1_000_000 + i, CreatedAt = at, CreatedBy = "auth0|5f7c8ec7c33c6c004bbafe82", UpdatedAt = at, Split = "train",
            Tags = new Dictionary<string, string> { ["species"] = i % 2 == 0 ? "cat" : "dog", ["weather"] = "sunny", ["camera"] = "north-gate" },
        }) with { UploadDeadline = status == ItemStatus.Pending ? at.AddHours(1) : null };
    }

    /// <summary>Bytes of names and values, as DynamoDB counts them.</summary>
    private static int SizeOf(Dictionary<string, AttributeValue> item) => item.Sum(attribute => Encoding.UTF8.GetByteCount(attribute.Key) + SizeOf(attribute.Value));

    private static int SizeOf(AttributeValue value) =>
        value.S is { } text ? Encoding.UTF8.GetByteCount(text)
        : value.N is { } number ? (number.Length / 2) + 1
        : value.B is { } bytes ? (int)bytes.Length
        : 1;
}
