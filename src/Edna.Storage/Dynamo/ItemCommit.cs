using Amazon.DynamoDBv2.Model;
using Edna.Keys;

namespace Edna.Storage.Dynamo;

/// <summary>What became of a transaction.</summary>
internal enum CommitOutcome
{
    /// <summary>All of it is durable.</summary>
    Done,

    /// <summary>Somebody else has moved the head on.</summary>
    HeadMoved,

    /// <summary>A row is not at the revision that was expected.</summary>
    RowRefused,

    /// <summary>Another transaction is in the way, or the table is busy.</summary>
    Again,

    /// <summary>It will not go, however often it is tried.</summary>
    Refused,
}

/// <summary>The transaction that writes rows with their changes: the head, the segment, and each row with its condition.</summary>
internal static class ItemCommit
{
    /// <summary>Actions that are not rows: the head, the segment and, for a dataset's first rows, its place in the list of datasets.</summary>
    public const int Overhead = 3;

    /// <summary>The most bytes of bodies and changes in one; the table takes 4 MB.</summary>
    public const int MostBytes = 3_000_000;

    /// <summary>The most bytes of changes in one; a segment is an item, and may have 400 KB.</summary>
    public const int MostChangeBytes = 300_000;

    private const int Head = 0;
    private const int Segment = 1;

    /// <summary>The actions. Head and segment come first.</summary>
    public static List<TransactWriteItem> Actions(DynamoItemKeys keys, DatasetKey dataset, FeedHead head, IReadOnlyList<PendingRow> rows, string token)
    {
        var actions = new List<TransactWriteItem>(rows.Count + 3)
        {
            new() { Update = head.Advance(keys, dataset, rows.Count) },
            new() { Put = FeedSegment.Write(keys, dataset, head.Last, [.. rows.Select(row => row.Write)], token) },
        };
        actions.AddRange(rows.Select(row => new TransactWriteItem { Update = Write(keys, row) }));
        if (!head.Listed) actions.Add(new() { Put = new() { TableName = keys.Table, Item = keys.Dataset(dataset) } });
        return actions;
    }

    /// <summary>What the reasons of a cancelled transaction mean: one for each action, <c>None</c> for those that would have gone.</summary>
    /// <param name="codes">The codes of the reasons, in the order of <see cref="Actions"/>.</param>
    public static (CommitOutcome Outcome, string Code) Meaning(IReadOnlyList<string?> codes)
    {
        const string condition = "ConditionalCheckFailed";
        if (codes.Count > Segment && (codes[Head] == condition || codes[Segment] == condition)) return (CommitOutcome.HeadMoved, condition);
        if (codes.FirstOrDefault(code => code is not (null or "None" or condition) && !DynamoFault.IsPassing(code)) is { } refused)
            return (CommitOutcome.Refused, refused);
        return codes.Contains(condition) ? (CommitOutcome.RowRefused, condition) : (CommitOutcome.Again, codes.FirstOrDefault(code => code is not (null or "None")) ?? "None");
    }

    private static Update Write(DynamoItemKeys keys, PendingRow row)
    {
        var (expression, values) = ItemAttributes.Write(row.Write.Row, row.PackedBody);
        var isNew = row.Write.ExpectedRevision == 0;
        if (!isNew) values[":e"] = StoredAttributes.Of(row.Write.ExpectedRevision);
        return new()
        {
            TableName = keys.Table, Key = keys.Row(row.Write.Row.Key), UpdateExpression = expression, ExpressionAttributeValues = values,
            ConditionExpression = isNew ? "attribute_not_exists(pk)" : "r = :e",
        };
    }
}
