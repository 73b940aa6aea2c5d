using System.Net;
using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Edna.Results;
using Edna.Storage.Aws;

namespace Edna.Storage.S3;

/// <summary>
/// The SDK's client behind EDNA's rules: every call ends within a few seconds, retries included, and every fault of the
/// store or of the way to it is an <see cref="UnavailableException"/>.
/// </summary>
internal sealed class S3Client : IDisposable
{
    private readonly AmazonS3Client _sdk;
    private readonly TimeSpan _patience;

    public S3Client(S3ObjectOptions options, AWSCredentials? credentials)
    {
        _patience = options.Patience;
        PatienceForMany = options.Patience * 4;
        var config = new AmazonS3Config
        {
            ForcePathStyle = options.UsesPathStyle,
            RetryMode = RequestRetryMode.Standard,
            MaxErrorRetry = 2,
            Timeout = PatienceForMany,
            ConnectTimeout = TimeSpan.FromSeconds(2),
        };
        if (options.Endpoint is null) config.RegionEndpoint = RegionEndpoint.GetBySystemName(options.Region);
        else (config.ServiceURL, config.AuthenticationRegion) = (options.Endpoint.AbsoluteUri, options.Region ?? "us-east-1");
        if (options.Compatibility == S3Compatibility.Ceph)
        {
            config.RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED;
            config.ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED;
        }
        Throttles.Count();
        _sdk = credentials is null ? new(config) : new(credentials, config);
    }

    /// <summary>The longest that a call over many objects, or a wait for the next bytes of one, may take.</summary>
    public TimeSpan PatienceForMany { get; }

    public void Dispose() => _sdk.Dispose();

    /// <summary>Calls the store; null when it answers that the thing is not there.</summary>
    public async ValueTask<T?> FindAsync<T>(Func<AmazonS3Client, CancellationToken, Task<T>> call, CancellationToken ct) where T : class
    {
        try
        {
            return await UnmappedAsync(call, _patience, ct);
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound && e.ErrorCode != "NoSuchBucket")
        {
            return null;
        }
        catch (Exception e) when (IsFault(e, ct))
        {
            throw Unavailable(e);
        }
    }

    /// <summary>Calls the store.</summary>
    public async ValueTask<T> CallAsync<T>(
        Func<AmazonS3Client, CancellationToken, Task<T>> call, CancellationToken ct, TimeSpan? patience = null, HttpStatusCode? pass = null)
    {
        try
        {
            return await UnmappedAsync(call, patience ?? _patience, ct);
        }
        catch (AmazonS3Exception e) when (pass is not null && e.StatusCode == pass)
        {
            throw;
        }
        catch (Exception e) when (IsFault(e, ct))
        {
            throw Unavailable(e);
        }
    }

    public static UnavailableException Unavailable(Exception e) => new("The object store", e) { Refusal = RefusalOf(e) };

    /// <summary>What stays as it is until somebody changes bucket or permissions; a clock that is off or a key that is not known yet may mend itself.</summary>
    private static string? RefusalOf(Exception e) => e switch
    {
        AmazonS3Exception { ErrorCode: "NoSuchBucket" or "AccessDenied" or "AllAccessDisabled" } refused => refused.ErrorCode,
        // HEAD has no body that would name the reason: not allowed, or an object under a key of its owner's.
        HttpRequestException { StatusCode: HttpStatusCode.Forbidden or HttpStatusCode.BadRequest } refused => $"{(int)refused.StatusCode.Value}",
        _ => null,
    };

    public static bool IsFault(Exception e, CancellationToken ct) =>
        e is AmazonServiceException or AmazonClientException or HttpRequestException or IOException or TimeoutException
        || (e is OperationCanceledException && !ct.IsCancellationRequested);

    private async Task<T> UnmappedAsync<T>(Func<AmazonS3Client, CancellationToken, Task<T>> call, TimeSpan patience, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(patience);
        return await call(_sdk, limit.Token);
    }
}
