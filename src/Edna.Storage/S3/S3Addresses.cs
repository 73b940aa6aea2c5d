using System.Collections.Concurrent;
using Amazon;
using Edna.Storage.Signing;

namespace Edna.Storage.S3;

/// <summary>Where clients reach each bucket.</summary>
internal sealed class S3Addresses
{
    private readonly Uri _endpoint;
    private readonly bool _pathStyle;
    private readonly ConcurrentDictionary<string, BucketAddress> _known = new(StringComparer.Ordinal);

    public S3Addresses(S3ObjectOptions options)
    {
        _pathStyle = options.UsesPathStyle;
        _endpoint = options.PublicEndpoint ?? options.Endpoint ?? AmazonsOwn(options.Region!);
    }

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
