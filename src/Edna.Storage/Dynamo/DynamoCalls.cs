using System.Globalization;
using System.Net;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;
using Edna.Results;

namespace Edna.Storage.Dynamo;

/// <summary>What all adapters of DynamoDB share: attributes, pages, and faults as EDNA knows them.</summary>
internal static class DynamoCalls
{
    /// <summary>A number as an attribute.</summary>
    public static AttributeValue Number(long value) => new() { N = value.ToString(CultureInfo.InvariantCulture) };

    /// <summary>The number in an attribute.</summary>
    public static long Long(this AttributeValue value) => long.Parse(value.N, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    /// <summary>The text of an attribute; null when there is none.</summary>
    public static string? Text(this Dictionary<string, AttributeValue> row, string name) => row.GetValueOrDefault(name)?.S;

    /// <summary>Calls DynamoDB.</summary>
    /// <param name="what">What is asked for, in a user's words.</param>
    /// <param name="call">The call.</param>
    /// <param name="ct">What the call is cancelled by: that is no fault.</param>
    /// <exception cref="UnavailableException">It does not answer, has no capacity left, or does not let us in.</exception>
    public static async Task<T> CallAsync<T>(string what, Func<Task<T>> call, CancellationToken ct)
    {
        try
        {
            return await call();
        }
        catch (Exception fault) when (IsAway(fault, ct))
        {
            throw new UnavailableException(what, fault) { Refusal = RefusalOf(fault) };
        }
    }

    /// <summary>Every row that a query finds, over all its pages.</summary>
    public static async Task<List<Dictionary<string, AttributeValue>>> QueryAllAsync(
        this Amazon.DynamoDBv2.IAmazonDynamoDB client, QueryRequest query, CancellationToken ct)
    {
        var rows = new List<Dictionary<string, AttributeValue>>();
        do
        {
            var page = await client.QueryAsync(query, ct);
            rows.AddRange(page.Items ?? []);
            query.ExclusiveStartKey = page.LastEvaluatedKey;
        }
        while (query.ExclusiveStartKey is { Count: > 0 });
        return rows;
    }

    /// <summary>Whether it may answer another time, or once somebody has let us in.</summary>
    private static bool IsAway(Exception fault, CancellationToken ct) => fault switch
    {
        ConditionalCheckFailedException => false,
        // Nothing was written, for another reason than a condition.
        TransactionCanceledException cancelled => cancelled.CancellationReasons?.TrueForAll(reason => reason.Code != "ConditionalCheckFailed") ?? true,
        AmazonServiceException service => service.StatusCode != HttpStatusCode.BadRequest || RefusalOf(service) is not null || Passing.Contains(service.ErrorCode),
        AmazonClientException or HttpRequestException or IOException or TimeoutException => true,
        OperationCanceledException => !ct.IsCancellationRequested,
        _ => false,
    };

    private static readonly HashSet<string> Passing =
    [
        "ProvisionedThroughputExceededException", "ThrottlingException", "RequestLimitExceeded", "LimitExceededException", "InternalServerError",
        "TransactionConflictException", "TransactionInProgressException", "ExpiredTokenException",
    ];

    private static string? RefusalOf(Exception fault) => fault switch
    {
        AmazonServiceException { ErrorCode: "ResourceNotFoundException" or "AccessDeniedException" or "UnrecognizedClientException" } refused => refused.ErrorCode,
        _ => null,
    };
}
