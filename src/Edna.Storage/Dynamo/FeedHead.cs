using Amazon.DynamoDBv2.Model;
using Edna.Keys;

namespace Edna.Storage.Dynamo;

/// <summary>
/// How far a dataset's feed goes. Every transaction that writes a change moves it on, and by that alone numbers are given in the order of
/// the commits. It stays when all else of the dataset is gone: numbers are never used twice.
/// </summary>
/// <param name="Last">The number given last.</param>
/// <param name="Floor">The last number that is kept no more; 0 when all are.</param>
/// <param name="Origin">The number before the first: the time of the first change in microseconds since 1970, so that whoever has a cursor from a table that was lost before is behind.</param>
/// <param name="Listed">Whether the dataset is in the list of datasets; a transaction that finds it is not puts it there.</param>
internal sealed record FeedHead(long Last, long Floor, long Origin, bool Listed)
{
    private const string LastNumber = "n";
    private const string FloorNumber = "f";
    private const string OriginNumber = "o";
    private const string IsListed = "a";

    /// <summary>Whether it is not in the table yet.</summary>
    public bool IsNew { get; private init; }

    /// <summary>The place of a reader that has read nothing: cursors before the first number mean that.</summary>
    public long Clamp(long number) => Math.Max(number, Origin);

    /// <summary>The head of a feed without any change.</summary>
    public static FeedHead Begin(DateTimeOffset now)
    {
        var origin = Math.Max(1, (now - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
        return new(origin, 0, origin, Listed: false) { IsNew = true };
    }

    /// <exception cref="InvalidDataException">It is not a head of ours.</exception>
    public static FeedHead Read(Dictionary<string, AttributeValue> item)
    {
        var stored = new StoredAttributes(item);
        var head = new FeedHead(stored.Number(LastNumber), stored.Number(FloorNumber), stored.Number(OriginNumber), stored.Flag(IsListed));
        return head.Origin > 0 && head.Last >= head.Origin && (head.Floor == 0 || (head.Floor > head.Origin && head.Floor <= head.Last))
            ? head
            : throw stored.Wrong(LastNumber, "a number in order with the others of the head");
    }

    /// <summary>The head in the table; null when the dataset never had a change.</summary>
    public static async Task<FeedHead?> FindAsync(ItemTableCalls calls, DatasetKey dataset, CancellationToken ct) =>
        await calls.GetAsync(calls.Keys.Head(dataset), ct) is { } item ? Read(item) : null;

    /// <summary>The head after the next numbers were given.</summary>
    public FeedHead Advanced(int count) => this with { Last = Last + count, Listed = true, IsNew = false };

    /// <summary>The action that gives the next numbers, if nobody has meanwhile.</summary>
    public Update Advance(DynamoItemKeys keys, DatasetKey dataset, int count)
    {
        var values = new Dictionary<string, AttributeValue> { [":n"] = StoredAttributes.Of(Last + count), [":a"] = StoredAttributes.Of(true) };
        var update = "SET n = :n, a = :a";
        if (IsNew)
        {
            (values[":f"], values[":o"]) = (StoredAttributes.Of(Floor), StoredAttributes.Of(Origin));
            update += ", f = :f, o = :o";
        }
        else (values[":last"], values[":listed"]) = (StoredAttributes.Of(Last), StoredAttributes.Of(Listed));
        return new()
        {
            TableName = keys.Table, Key = keys.Head(dataset), UpdateExpression = update, ExpressionAttributeValues = values,
            ConditionExpression = IsNew ? "attribute_not_exists(pk)" : "n = :last AND a = :listed",
        };
    }

    /// <summary>Raises the floor, if nobody has meanwhile; whether it did.</summary>
    public Task<bool> TryRaiseFloorAsync(ItemTableCalls calls, DatasetKey dataset, long floor, CancellationToken ct) => calls.TryUpdateAsync(
        calls.Keys.Head(dataset), "SET f = :new", "f = :old",
        new() { [":new"] = StoredAttributes.Of(floor), [":old"] = StoredAttributes.Of(Floor) }, ct);

    /// <summary>The action that notes that the dataset is in the list no more, if nothing was written meanwhile and no change is left.</summary>
    public Update Unlist(DynamoItemKeys keys, DatasetKey dataset) => new()
    {
        TableName = keys.Table, Key = keys.Head(dataset), UpdateExpression = "SET a = :no", ConditionExpression = "n = :last AND f = :last AND a = :yes",
        ExpressionAttributeValues = new() { [":no"] = StoredAttributes.Of(false), [":yes"] = StoredAttributes.Of(true), [":last"] = StoredAttributes.Of(Last) },
    };
}
