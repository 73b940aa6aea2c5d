using Amazon.DynamoDBv2.Model;

namespace Edna.Storage.Dynamo;

/// <summary>
/// Which index the rows are pushed to, and a number that counts how often all rows were made dirty for one. The note is read before a row is marked, not in the same write:
/// a row that is made dirty in between has the greater number, and the mark does not hold for it (<see cref="ItemOutbox"/>).
/// </summary>
/// <param name="Generation">The index; null while all rows are being made dirty, and before the first time.</param>
/// <param name="Filling">The number.</param>
internal readonly record struct IndexNote(string? Generation, long Filling)
{
    private const string GenerationName = "g";
    private const string FillingName = "f";

    /// <summary>The note.</summary>
    public static async Task<IndexNote> ReadAsync(ItemTableCalls calls, CancellationToken ct)
    {
        if (await calls.GetAsync(calls.Keys.Generation, ct) is not { } item) return default;
        var stored = new StoredAttributes(item);
        return new(stored.TextOrNull(GenerationName), stored.NumberOrNull(FillingName) ?? 0);
    }

    /// <summary>Notes that no index is filled, and counts on; the number to make rows dirty with.</summary>
    public static async Task<long> BeginAsync(ItemTableCalls calls, CancellationToken ct)
    {
        await calls.TryUpdateAsync(calls.Keys.Generation, $"REMOVE {GenerationName} ADD {FillingName} :1", null, new() { [":1"] = StoredAttributes.Of(1) }, ct);
        return (await ReadAsync(calls, ct)).Filling;
    }

    /// <summary>Notes the index that all rows were made dirty for, unless they are being made so for another by now.</summary>
    public static Task<bool> EndAsync(ItemTableCalls calls, long filling, string generation, CancellationToken ct) => calls.TryUpdateAsync(
        calls.Keys.Generation, $"SET {GenerationName} = :g", $"{FillingName} = :f",
        new Dictionary<string, AttributeValue> { [":g"] = new(generation), [":f"] = StoredAttributes.Of(filling) }, ct);

    /// <summary>Notes another index in place of one; whether that one was noted.</summary>
    public static Task<bool> ReplaceAsync(ItemTableCalls calls, string before, string generation, CancellationToken ct) => calls.TryUpdateAsync(
        calls.Keys.Generation, $"SET {GenerationName} = :g", $"{GenerationName} = :before",
        new Dictionary<string, AttributeValue> { [":g"] = new(generation), [":before"] = new(before) }, ct);
}
