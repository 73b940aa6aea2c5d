using System.Text.Json;

namespace Edna.Search.Elasticsearch;

/// <summary>What became of one operation of a bulk request.</summary>
/// <param name="Status">Its own HTTP status.</param>
/// <param name="Type">The kind of error; empty without one.</param>
/// <param name="Reason">Why; empty without an error.</param>
internal readonly record struct BulkOutcome(int Status, string Type, string Reason)
{
    /// <summary>Reads the outcomes of a bulk request, in the order of its operations.</summary>
    /// <param name="json">The body.</param>
    /// <param name="expected">How many there must be.</param>
    public static async Task<List<BulkOutcome>> ReadAsync(JsonStream json, int expected)
    {
        List<BulkOutcome>? outcomes = null;
        await json.ExpectAsync(JsonTokenType.StartObject);
        while (await json.ReadNameAsync())
        {
            if (json.Text != "items")
            {
                await json.SkipAsync();
                continue;
            }
            outcomes = new(expected);
            await json.ExpectAsync(JsonTokenType.StartArray);
            while (await json.ReadElementAsync())
            {
                if (json.Token != JsonTokenType.StartObject) throw JsonStream.Garbled("an item was expected");
                while (await json.ReadNameAsync()) outcomes.Add(await ReadOneAsync(json));
            }
        }
        // An answer for other operations than were asked for tells nothing of these.
        return outcomes?.Count == expected ? outcomes : throw JsonStream.Garbled($"it has {outcomes?.Count ?? 0} items, not {expected}");
    }

    private static async Task<BulkOutcome> ReadOneAsync(JsonStream json)
    {
        var (status, type, reason) = (0, "", "");
        await json.ExpectAsync(JsonTokenType.StartObject);
        while (await json.ReadNameAsync())
        {
            switch (json.Text)
            {
                case "status":
                    await json.ReadAsync();
                    status = (int)json.Whole;
                    break;
                case "error":
                    (type, reason) = await ElasticsearchReply.ReadErrorAsync(json);
                    break;
                default:
                    await json.SkipAsync();
                    break;
            }
        }
        return status == 0 ? throw JsonStream.Garbled("an item has no status") : new(status, type, reason);
    }
}
