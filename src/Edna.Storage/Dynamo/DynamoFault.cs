using System.Net;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;
using Edna.Results;

namespace Edna.Storage.Dynamo;

/// <summary>What an exception of a call means. Pure.</summary>
internal static class DynamoFault
{
    /// <summary>The word for a request that is wrong in itself.</summary>
    public const string Invalid = "ValidationException";

    private const string What = "The item table";

    /// <summary>
    /// Refused for load, by capacity or by a transaction under way, or for credentials or a clock that may mend themselves: it may go next time. The
    /// table says all of this with a status of 400.
    /// </summary>
    private static readonly HashSet<string> s_passing = new(StringComparer.Ordinal)
    {
        "ProvisionedThroughputExceededException", "ProvisionedThroughputExceeded", "ThrottlingException", "ThrottlingError", "Throttling",
        "RequestLimitExceeded", "TransactionConflict", "TransactionConflictException", "TransactionInProgressException", "LimitExceededException",
        "RequestTimeout", "RequestExpired", "InternalServerError", "ServiceUnavailable",
        "ExpiredTokenException", "UnrecognizedClientException", "InvalidSignatureException", "RequestTimeTooSkewed",
    };

    /// <summary>Whether an exception came of the call: nothing of what the table knows is told by it.</summary>
    public static bool IsOutage(Exception e, CancellationToken ct) =>
        e is AmazonServiceException or AmazonClientException or HttpRequestException or IOException or TimeoutException
        || (e is OperationCanceledException && !ct.IsCancellationRequested);

    /// <summary>Another transaction touches the same item at this moment.</summary>
    public static bool IsConflict(Exception e) => e is TransactionConflictException or TransactionInProgressException;

    /// <summary>The outage; with the word that it refused with, when asking again is of no use.</summary>
    public static UnavailableException Unavailable(Exception? inner) => new(What, inner) { Refusal = RefusalOf(inner) };

    /// <summary>As <see cref="Unavailable(Exception?)"/>, for one action of a transaction.</summary>
    public static UnavailableException Refused(string code, Exception inner) => new(What, inner) { Refusal = IsPassing(code) ? null : code };

    /// <summary>Whether a code says that it may go next time.</summary>
    public static bool IsPassing(string code) => s_passing.Contains(code);

    private static string? RefusalOf(Exception? e) =>
        e is AmazonServiceException { StatusCode: >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError, ErrorCode: { Length: > 0 } code }
        && !IsPassing(code)
            ? code
            : null;
}
