using System.Globalization;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Edna.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Edna.Storage.Dynamo.State;

/// <summary>
/// Orleans reminders in DynamoDB. One reminder is read as it is; those of a grain and of a range of the ring come from indexes, which
/// follow the table within a moment.
/// </summary>
/// <remarks>What it needs of IAM: <see cref="DynamoAccess.Reminders"/>.</remarks>
internal sealed class DynamoReminderTable(
    [FromKeyedServices(DynamoClientRegistration.Apart)] IAmazonDynamoDB client, DynamoOptions options, IOptions<ClusterOptions> cluster) : IReminderTable
{
    private const string What = "The reminder table";

    private readonly string _service = cluster.Value.ServiceId;

    /// <inheritdoc />
    public async Task<ReminderTableData> ReadRows(GrainId grainId) => new(await QueryAsync(
        ReminderRow.ByGrain, $"{ReminderRow.Grain} = :grain", new() { [":grain"] = new(grainId.ToString()) }));

    /// <summary>Those whose grain's hash is above <paramref name="begin"/> up to <paramref name="end"/>, round the ring when <paramref name="begin"/> is not below.</summary>
    public async Task<ReminderTableData> ReadRows(uint begin, uint end)
    {
        var found = new List<ReminderEntry>();
        foreach (var (first, last) in RingRange.Parts(begin, end))
        {
            found.AddRange(await QueryAsync(ReminderRow.ByHash, $"{ReminderRow.Hash} BETWEEN :first AND :last",
                new() { [":first"] = DynamoCalls.Number(first), [":last"] = DynamoCalls.Number(last) }));
        }
        return new(found);
    }

    /// <inheritdoc />
    public async Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName)
    {
        var found = await DynamoCalls.CallAsync(What, () => client.GetItemAsync(new()
        {
            TableName = options.ReminderTable, Key = ReminderRow.Key(_service, grainId, reminderName), ConsistentRead = true,
        }), CancellationToken.None);
        return found.Item is { Count: > 0 } row ? ReminderRow.Read(row) : null;
    }

    /// <inheritdoc />
    public async Task<string?> UpsertRow(ReminderEntry entry)
    {
        // Any number does: an etag says only that a row is still the one that was read.
        var etag = Random.Shared.NextInt64(long.MaxValue);
        await DynamoCalls.CallAsync(What, () => client.PutItemAsync(new() { TableName = options.ReminderTable, Item = ReminderRow.Write(_service, entry, etag) }), CancellationToken.None);
        return entry.ETag = etag.ToString(CultureInfo.InvariantCulture);
    }

    /// <inheritdoc />
    public Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag) => ConditionalDelete.TryAsync(client, What, new()
    {
        TableName = options.ReminderTable,
        Key = ReminderRow.Key(_service, grainId, reminderName),
        ConditionExpression = $"{ReminderRow.ETag} = :etag",
        ExpressionAttributeValues = new() { [":etag"] = DynamoCalls.Number(long.Parse(eTag, CultureInfo.InvariantCulture)) },
    }, CancellationToken.None);

    /// <inheritdoc />
    public async Task TestOnlyClearTable()
    {
        foreach (var reminder in (await ReadRows(0, 0)).Reminders)
            await client.DeleteItemAsync(new() { TableName = options.ReminderTable, Key = ReminderRow.Key(_service, reminder.GrainId, reminder.ReminderName) });
    }

    private async Task<List<ReminderEntry>> QueryAsync(string index, string condition, Dictionary<string, AttributeValue> values)
    {
        values[":service"] = new(_service);
        var rows = await DynamoCalls.CallAsync(What, () => client.QueryAllAsync(new()
        {
            TableName = options.ReminderTable,
            IndexName = index,
            KeyConditionExpression = $"{ReminderRow.Service} = :service AND {condition}",
            ExpressionAttributeValues = values,
        }, CancellationToken.None), CancellationToken.None);
        return rows.ConvertAll(ReminderRow.Read);
    }
}
