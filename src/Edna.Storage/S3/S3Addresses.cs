using System.Collections.Concurrent;
using Amazon;
using Edna.Storage.Signing;

namespace Edna.Storage.S3;

/// <summary>Where each bucket is reached.</summary>
internal sealed class S3Addresses
{
    private readonly Uri _endpoint;
    private readonly bool _pathStyle;
    private readonly ConcurrentDictionary<string, BucketAddress> _known = new(StringComparer.Ordinal);

    private S3Addresses(S3ObjectOptions options, Uri? endpoint) =>
        (_pathStyle, _endpoint) = (options.UsesPathStyle, endpoint ?? AmazonsOwn(options.Region!));

    /// <summary>Where EDNA itself reaches them.</summary>
    public static S3Addresses OfStore(S3ObjectOptions options) => new(options, options.Endpoint);

    /// <summary>Where clients reach them.</summary>
    public static S3Addresses OfClients(S3ObjectOptions options) => new(options, options.PublicEndpoint ?? options.Endpoint);

    public BucketAddress Of(string bucket) => _known.TryGetValue(bucket, out var known) ? known : _known.GetOrAdd(bucket, Make);

    // Amazon's certificate covers one label before the host: a bucket with a point in its name goes into the path.
    private BucketAddress Make(string bucket) => _pathStyle || (_endpoint.Scheme == Uri.UriSchemeHttps && bucket.Contains('.', StringComparison.Ordinal))
        ? BucketAddress.PathStyle(_endpoint, bucket)
        : BucketAddress.VirtualHost(_endpoint, bucket);

    private static Uri AmazonsOwn(string region)
    {
        var known = RegionEndpoint.GetBySystemName(region);
        return new Uri($"https://s3.{region}.{known.PartitionDnsSuffix}");
    }
}
