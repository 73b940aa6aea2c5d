using System.Runtime.CompilerServices;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Edna.Results;

namespace Edna.Storage.Dynamo;

/// <summary>
/// Calls to one table: reads are strong, a condition that does not hold is a value, a transaction in the way is waited for, and whatever
/// else goes wrong is an <see cref="UnavailableException"/>. The SDK has tried again by then what is worth it.
/// </summary>
internal sealed class ItemTableCalls(IAmazonDynamoDB client, DynamoOptions options, string service, TimeProvider time)
{
    /// <summary>Calls of one operation that are under way at once.</summary>
    public const int AtOnce = 16;

    private const int MostKeys = 100;
    private const int MostDeletes = 25;

    /// <summary>The table's name.</summary>
    public string Table { get; } = options.ItemTable;

    /// <summary>The keys of the service's items.</summary>
    public DynamoItemKeys Keys { get; } = new(options.ItemTable, service);

    /// <summary>The most actions in one transaction.</summary>
    public int TransactionActions { get; } = options.TransactionActions;

    /// <summary>The longest that a call may take with all that the SDK tries.</summary>
    public TimeSpan Patience { get; } = options.Patience;

    /// <summary>The clock.</summary>
    public TimeProvider Time => time;

    /// <summary>One item; null when there is none.</summary>
    public async Task<Dictionary<string, AttributeValue>?> GetAsync(Dictionary<string, AttributeValue> key, CancellationToken ct, string? attributes = null)
    {
        var request = new GetItemRequest { TableName = Table, Key = key, ConsistentRead = true, ProjectionExpression = attributes };
        return (await CallAsync(limit => client.GetItemAsync(request, limit), ct)).Item is { Count: > 0 } item ? item : null;
    }

    /// <summary>Many items, in any order, those that there are.</summary>
    /// <param name="keys">Each once.</param>
    /// <param name="ct">Cancels.</param>
    /// <param name="attributes">Which attributes; null for all.</param>
    public async Task<List<Dictionary<string, AttributeValue>>> GetManyAsync(
        IEnumerable<Dictionary<string, AttributeValue>> keys, CancellationToken ct, string? attributes = null)
    {
        var found = new List<Dictionary<string, AttributeValue>>();
        foreach (var some in keys.Chunk(MostKeys))
        {
            var began = time.GetTimestamp();
            var wanted = new Dictionary<string, KeysAndAttributes> { [Table] = new() { Keys = [.. some], ConsistentRead = true, ProjectionExpression = attributes } };
            for (var round = 0; wanted.Count > 0; round++)
            {
                if (round > 0) await PauseAsync(round, began, null, ct);
                var request = new BatchGetItemRequest(wanted);
                var answer = await CallAsync(limit => client.BatchGetItemAsync(request, limit), ct);
                if (answer.Responses?.GetValueOrDefault(Table) is { } items) found.AddRange(items);
                wanted = answer.UnprocessedKeys ?? [];
            }
        }
        return found;
    }

    /// <summary>A page of what a condition on the key finds.</summary>
    public async Task<DynamoPage> QueryAsync(QueryRequest query, CancellationToken ct)
    {
        (query.TableName, query.ConsistentRead) = (Table, true);
        var page = await CallAsync(limit => client.QueryAsync(query, limit), ct);
        return new(page.Items ?? [], page.LastEvaluatedKey is { Count: > 0 } last ? last : null, page.Count ?? 0, page.ScannedCount ?? 0);
    }

    /// <summary>Everything that a condition on the key finds, page by page.</summary>
    public async IAsyncEnumerable<Dictionary<string, AttributeValue>> QueryAllAsync(QueryRequest query, [EnumeratorCancellation] CancellationToken ct)
    {
        do
        {
            var page = await QueryAsync(query, ct);
            foreach (var item in page.Items) yield return item;
            query.ExclusiveStartKey = page.Last;
        }
        while (query.ExclusiveStartKey is not null);
    }

    /// <summary>Changes an item where a condition holds; whether it did.</summary>
    public Task<bool> TryUpdateAsync(
        Dictionary<string, AttributeValue> key, string update, string? condition, Dictionary<string, AttributeValue> values, CancellationToken ct)
    {
        var request = new UpdateItemRequest
        {
            TableName = Table, Key = key, UpdateExpression = update, ConditionExpression = condition, ExpressionAttributeValues = values,
        };
        return TryAsync(limit => client.UpdateItemAsync(request, limit), ct);
    }

    /// <summary>Removes an item where a condition holds; whether it did. One that is not there meets no condition of ours.</summary>
    public Task<bool> TryDeleteAsync(Dictionary<string, AttributeValue> key, string condition, Dictionary<string, AttributeValue> values, CancellationToken ct)
    {
        var request = new DeleteItemRequest { TableName = Table, Key = key, ConditionExpression = condition, ExpressionAttributeValues = values };
        return TryAsync(limit => client.DeleteItemAsync(request, limit), ct);
    }

    /// <summary>Removes items whatever is in them.</summary>
    public async Task DeleteManyAsync(IEnumerable<Dictionary<string, AttributeValue>> keys, CancellationToken ct)
    {
        foreach (var some in keys.Chunk(MostDeletes))
        {
            var began = time.GetTimestamp();
            var wanted = new Dictionary<string, List<WriteRequest>> { [Table] = [.. some.Select(key => new WriteRequest(new DeleteRequest(key)))] };
            for (var round = 0; wanted.Count > 0; round++)
            {
                if (round > 0) await PauseAsync(round, began, null, ct);
                var request = new BatchWriteItemRequest(wanted);
                wanted = (await CallAsync(limit => client.BatchWriteItemAsync(request, limit), ct)).UnprocessedItems ?? [];
            }
        }
    }

    /// <summary>All of some actions or none.</summary>
    /// <param name="actions">What to do; they name the table themselves.</param>
    /// <param name="token">The same for a repetition of the same actions: it does nothing more when they have been done.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>Null when it is done; else why not.</returns>
    public async Task<TransactionCanceledException?> TransactAsync(List<TransactWriteItem> actions, string token, CancellationToken ct)
    {
        var request = new TransactWriteItemsRequest { TransactItems = actions, ClientRequestToken = token };
        var began = time.GetTimestamp();
        for (var round = 1; ; round++)
        {
            try
            {
                await CallAsync(limit => client.TransactWriteItemsAsync(request, limit), ct);
                return null;
            }
            catch (TransactionCanceledException e)
            {
                return e;
            }
            catch (TransactionInProgressException e)
            {
                await PauseAsync(round, began, e, ct);
            }
        }
    }

    /// <summary>Waits before a further round, longer each time and at random; gives up when there were too many.</summary>
    /// <exception cref="UnavailableException"><see cref="Patience"/> is at its end.</exception>
    public Task PauseAsync(int round, long began, Exception? why, CancellationToken ct) => time.GetElapsedTime(began) > Patience
        ? throw DynamoFault.Unavailable(why)
        : Task.Delay(TimeSpan.FromMilliseconds(1 + (Random.Shared.NextDouble() * Math.Min(4 << Math.Min(round, 10), 250))), time, ct);

    private async Task<bool> TryAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken ct)
    {
        var began = time.GetTimestamp();
        for (var round = 1; ; round++)
        {
            try
            {
                await CallAsync(call, ct);
                return true;
            }
            catch (ConditionalCheckFailedException)
            {
                return false;
            }
            catch (TransactionConflictException e)
            {
                await PauseAsync(round, began, e, ct);
            }
        }
    }

    private async Task<T> CallAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        using var patience = time.CreateTimer(static state => ((CancellationTokenSource)state!).Cancel(), limit, Patience, Timeout.InfiniteTimeSpan);
        try
        {
            return await call(limit.Token);
        }
        catch (Exception e) when (
            e is not (ConditionalCheckFailedException or TransactionCanceledException) && !DynamoFault.IsConflict(e) && DynamoFault.IsOutage(e, ct))
        {
            throw DynamoFault.Unavailable(e);
        }
    }
}

/// <summary>A page of a query.</summary>
/// <param name="Items">What was found.</param>
/// <param name="Last">Where the next page starts; null at the end.</param>
/// <param name="Count">How many were found.</param>
/// <param name="Looked">How many were looked at.</param>
internal readonly record struct DynamoPage(
    List<Dictionary<string, AttributeValue>> Items, Dictionary<string, AttributeValue>? Last, int Count, int Looked);
