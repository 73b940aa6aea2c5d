using System.Text;
using System.Text.Unicode;
using Amazon.DynamoDBv2.Model;
using Edna.Items;
using Edna.Keys;

namespace Edna.Storage.Dynamo;

/// <summary>An item's row as attributes. The names are short because the table counts them. <see cref="Dirty"/>, <see cref="Deadline"/> and <see cref="Trashed"/>
/// are there only while they say something, so their indexes hold only rows that wait.</summary>
internal static class ItemAttributes
{
    /// <summary>The path, UTF-8.</summary>
    public const string Path = "p";

    /// <summary>The status, as the enum's number.</summary>
    public const string Status = "s";

    /// <summary>The revision.</summary>
    public const string Revision = "r";

    /// <summary>The indexed revision.</summary>
    public const string Indexed = "x";

    /// <summary>When it was written, ticks (100 ns, UTC) as all times.</summary>
    public const string Updated = "w";

    /// <summary>When it was written, while the search index has not taken that in.</summary>
    public const string Dirty = "d";

    /// <summary>The upload deadline.</summary>
    public const string Deadline = "u";

    /// <summary>When it was written, while it is in the trash.</summary>
    public const string Trashed = "t";

    /// <summary>The split.</summary>
    public const string Split = "l";

    /// <summary>The filling (<see cref="IndexNote"/>) that made the row dirty last; missing until one does.</summary>
    public const string Filling = "f";

    /// <summary>The body, <see cref="PackedBytes"/>.</summary>
    public const string Body = "b";

    /// <summary>The largest packed body: with key, path and indexes an item stays below the table's 400 KB.</summary>
    public const int MostPacked = 380 * 1024;

    /// <summary>The number that stands for purged rows in conditions.</summary>
    public static AttributeValue Purged => StoredAttributes.Of((long)ItemStatus.Purged);

    /// <summary>What a write sets, and what it takes away. The indexed revision stays; a row that was just written is always dirty.</summary>
    public static (string Expression, Dictionary<string, AttributeValue> Values) Write(ItemRow row, byte[] packedBody)
    {
        var values = new Dictionary<string, AttributeValue>
        {
            [":p"] = StoredAttributes.Of(Encoding.UTF8.GetBytes(row.Path)), [":s"] = StoredAttributes.Of((long)row.Status),
            [":r"] = StoredAttributes.Of(row.Revision), [":w"] = StoredAttributes.Of(row.UpdatedAt), [":b"] = StoredAttributes.Of(packedBody),
            [":0"] = StoredAttributes.Of(0),
        };
        var (set, remove) = (new StringBuilder("SET p = :p, s = :s, r = :r, w = :w, d = :w, b = :b, x = if_not_exists(x, :0)"), new StringBuilder());
        void Sparse(string name, AttributeValue? value, string placeholder)
        {
            if (value is null)
            {
                remove.Append(remove.Length == 0 ? " REMOVE " : ", ").Append(name);
                return;
            }
            set.Append(", ").Append(name).Append(" = ").Append(placeholder);
            values[placeholder] = value;
        }

        Sparse(Deadline, row.UploadDeadline is { } deadline ? StoredAttributes.Of(deadline) : null, ":u");
        Sparse(Split, row.Split is { } split ? new(split) : null, ":l");
        Sparse(Trashed, row.Status == ItemStatus.Trashed ? values[":w"] : null, ":w");
        return (set.Append(remove).ToString(), values);
    }

    /// <exception cref="InvalidDataException">It is not a row of ours.</exception>
    public static ItemRow Read(Dictionary<string, AttributeValue> item, DatasetKey dataset)
    {
        var stored = new StoredAttributes(item);
        var (status, path) = (stored.Number(Status), stored.Bytes(Path));
        if (status is < 0 or > (long)ItemStatus.Purged) throw stored.Wrong(Status, "a status");
        if (!Utf8.IsValid(path)) throw stored.Wrong(Path, "a path");
        return new()
        {
            Key = new(dataset, stored.Text(DynamoItemSchema.SortKey)),
            Path = Encoding.UTF8.GetString(path),
            Status = (ItemStatus)status,
            Revision = stored.Number(Revision),
            IndexedRevision = stored.Number(Indexed),
            UploadDeadline = stored.TimeOrNull(Deadline),
            UpdatedAt = stored.Time(Updated),
            Split = stored.TextOrNull(Split),
            Body = stored.Unpacked(Body),
        };
    }
}
