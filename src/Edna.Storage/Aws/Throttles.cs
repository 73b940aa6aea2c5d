using System.Diagnostics.Metrics;
using Amazon.Runtime;
using Amazon.Runtime.Internal;

namespace Edna.Storage.Aws;

/// <summary>
/// Counts the attempts that AWS services throttled (<c>edna.aws.throttles</c>, by <c>service</c>): also those after which the SDK tried again with
/// success, which nobody else hears of.
/// </summary>
internal sealed class Throttles : IRuntimePipelineCustomizer
{
    private static readonly Meter s_meter = new("Edna.Aws");
    private static readonly Counter<long> s_count = s_meter.CreateCounter<long>("edna.aws.throttles", "{attempt}", "Attempts that an AWS service throttled");

    /// <inheritdoc />
    public string UniqueName => "edna.throttles";

    /// <summary>Has the clients that are made from now on counted; as often as is wanted.</summary>
    public static void Count() => RuntimePipelineCustomizerRegistry.Instance.Register(new Throttles());

    /// <inheritdoc />
    public void Customize(Type type, RuntimePipeline pipeline)
    {
        // "AmazonDynamoDBClient" → "DynamoDB".
        var service = type.Name.Replace("Amazon", "", StringComparison.Ordinal).Replace("Client", "", StringComparison.Ordinal);
        pipeline.AddHandlerAfter<RetryHandler>(new Handler(service));
    }

    /// <summary>Sees each attempt.</summary>
    private sealed class Handler(string service) : PipelineHandler
    {
        public override async Task<T> InvokeAsync<T>(IExecutionContext executionContext)
        {
            try
            {
                return await base.InvokeAsync<T>(executionContext).ConfigureAwait(false);
            }
            catch (AmazonServiceException refused) when (IsThrottle(refused))
            {
                s_count.Add(1, new KeyValuePair<string, object?>("service", service));
                throw;
            }
        }
    }

    private static bool IsThrottle(AmazonServiceException refused) =>
        refused.Retryable?.Throttling == true || (int)refused.StatusCode == 429
        || refused.ErrorCode is "ProvisionedThroughputExceededException" or "ThrottlingException" or "Throttling" or "RequestLimitExceeded" or "SlowDown" or "RequestThrottled";
}
