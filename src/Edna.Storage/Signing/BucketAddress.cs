using System.Text;

namespace Edna.Storage.Signing;

/// <summary>Where a bucket answers, taken apart once for signing.</summary>
public sealed class BucketAddress
{
    private BucketAddress(Uri endpoint, string authority, string pathPrefix)
        : this(Encoding.ASCII.GetBytes($"{endpoint.Scheme}://{authority}"), authority, Encoding.ASCII.GetBytes(pathPrefix))
    {
    }

    private BucketAddress(byte[] origin, string host, byte[] pathPrefix) => (Origin, Host, PathPrefix) = (origin, host, pathPrefix);

    /// <summary>The value of the <c>Host</c> header; a port is named only where it is not the scheme's own.</summary>
    internal string Host { get; }

    /// <summary>Scheme and authority, without a slash at the end.</summary>
    internal byte[] Origin { get; }

    /// <summary>What stands before the key in the path, escaped, from <c>/</c> to <c>/</c>.</summary>
    internal byte[] PathPrefix { get; }

    /// <summary>The bucket is the first segment of the path: <c>https://host/bucket/key</c>.</summary>
    /// <param name="endpoint">The store's address; a path in it is kept.</param>
    /// <param name="bucket">The bucket's name.</param>
    public static BucketAddress PathStyle(Uri endpoint, string bucket)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        return new(endpoint, endpoint.Authority, $"{endpoint.AbsolutePath.TrimEnd('/')}/{Uri.EscapeDataString(bucket)}/");
    }

    /// <summary>The bucket is the first label of the host's name: <c>https://bucket.host/key</c>.</summary>
    /// <param name="endpoint">The store's address; a path in it is kept.</param>
    /// <param name="bucket">The bucket's name.</param>
    public static BucketAddress VirtualHost(Uri endpoint, string bucket)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        return new(endpoint, $"{bucket}.{endpoint.Authority}", endpoint.AbsolutePath.TrimEnd('/') + "/");
    }

    /// <summary>The address as a received request names it: the key is the whole path.</summary>
    internal static BucketAddress Received(string host) => new([], host, "/"u8.ToArray());
}
