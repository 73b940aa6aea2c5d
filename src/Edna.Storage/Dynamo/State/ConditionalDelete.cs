using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace Edna.Storage.Dynamo.State;

/// <summary>
/// Removes a row on a condition, and says truly whether it did. What is removed has no place for a token as a row has that is written, so it
/// is a transaction of one: when its answer is lost and the client sends it again, DynamoDB knows it by its token and answers as before. It
/// costs a write unit more.
/// </summary>
internal static class ConditionalDelete
{
    /// <summary>Removes it; false when the condition did not hold.</summary>
    /// <param name="client">The client.</param>
    /// <param name="what">What is asked for, in a user's words.</param>
    /// <param name="delete">The row, with its table and the condition.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task<bool> TryAsync(IAmazonDynamoDB client, string what, Delete delete, CancellationToken ct)
    {
        var transaction = new TransactWriteItemsRequest { ClientRequestToken = Guid.NewGuid().ToString("n"), TransactItems = [new() { Delete = delete }] };
        try
        {
            await DynamoCalls.CallAsync(what, () => client.TransactWriteItemsAsync(transaction, ct), ct);
            return true;
        }
        catch (TransactionCanceledException)
        {
            // One that was cancelled for anything but its condition is an outage.
            return false;
        }
    }
}
