using Amazon.Runtime;
using Amazon.Runtime.Credentials;

namespace Edna.Search.Elasticsearch.Signing;

/// <summary>Signs requests with AWS credentials, which the SDK finds and keeps fresh.</summary>
/// <param name="region">The region.</param>
/// <param name="service"><c>es</c> or <c>aoss</c>.</param>
/// <param name="find">Finds the credentials; the ordinary chain by <see cref="FromChainAsync"/>.</param>
/// <param name="time">The clock.</param>
internal sealed class AwsAuthorization(string region, string service, Func<CancellationToken, Task<AwsKeys>> find, TimeProvider time) : IRequestAuthorization
{
    /// <summary>The keys of the ordinary chain: environment, profile, web identity, the role of the task or the machine.</summary>
    public static async Task<AwsKeys> FromChainAsync(CancellationToken ct)
    {
        try
        {
            // The SDK remembers both the place and the keys, and renews the keys ahead of their end.
            var keys = await (await DefaultAWSCredentialsIdentityResolver.GetCredentialsAsync()).GetCredentialsAsync().WaitAsync(ct);
            return new(keys.AccessKey, keys.SecretKey, keys.Token);
        }
        catch (Exception e) when (e is AmazonClientException or AmazonServiceException)
        {
            throw ElasticsearchFault.Unavailable(e);
        }
    }

    public async ValueTask AuthorizeAsync(HttpRequestMessage request, ReadOnlyMemory<byte> body, CancellationToken ct)
    {
        var keys = await find(ct);
        var address = request.RequestUri!;
        var hash = AwsSignature.Hash(body.Span);
        var headers = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["host"] = address.Authority, ["x-amz-content-sha256"] = hash, ["x-amz-date"] = AwsSignature.Time(time.GetUtcNow()),
        };
        if (keys.SessionToken is { } token) headers["x-amz-security-token"] = token;
        var signature = AwsSignature.Sign(request.Method.Method, address, headers, hash, keys, region, service);
        foreach (var (name, value) in headers.Where(header => header.Key != "host")) request.Headers.TryAddWithoutValidation(name, value);
        request.Headers.TryAddWithoutValidation("Authorization", signature);
    }
}
