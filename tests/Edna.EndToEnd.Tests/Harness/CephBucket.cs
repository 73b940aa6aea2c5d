using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Xunit;

namespace Edna.Harness;

/// <summary>A bucket of a test's own on the Ceph RGW that the environment names, looked at with Amazon's own client.</summary>
internal sealed class CephBucket : IAsyncDisposable
{
    private readonly AmazonS3Client _s3;
    private readonly (string Endpoint, string Key, string Secret) _ceph;

    private CephBucket((string Endpoint, string Key, string Secret) ceph)
    {
        _ceph = ceph;
        _s3 = new AmazonS3Client(new BasicAWSCredentials(ceph.Key, ceph.Secret), new AmazonS3Config
        {
            ServiceURL = ceph.Endpoint, ForcePathStyle = true, AuthenticationRegion = "us-east-1",
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED, ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        });
    }

    public string Name { get; } = $"edna-e2e-{Guid.NewGuid():N}";

    public Uri Endpoint => new(_ceph.Endpoint);

    /// <summary>Makes a bucket; skips the test where there is no server.</summary>
    public static async Task<CephBucket> CreateAsync(CancellationToken ct)
    {
        var endpoint = Environment.GetEnvironmentVariable("EDNA_TEST_S3_ENDPOINT");
        if (string.IsNullOrEmpty(endpoint))
            Assert.Skip("EDNA_TEST_S3_ENDPOINT is not set: there is no S3 server to test against. ./test.sh starts one.");
        var bucket = new CephBucket((endpoint, Variable("EDNA_TEST_S3_KEY"), Variable("EDNA_TEST_S3_SECRET")));
        await bucket._s3.PutBucketAsync(bucket.Name, ct);
        return bucket;
    }

    /// <summary>The settings that have a gateway keep its objects here.</summary>
    /// <param name="endpoint">Where the gateway and its clients reach the server; null for its own address.</param>
    public Dictionary<string, string?> Settings(Uri? endpoint = null) => new()
    {
        ["Edna__Objects__Provider"] = "S3",
        ["Edna__Objects__S3__Bucket"] = Name,
        ["Edna__Objects__S3__Endpoint"] = (endpoint ?? Endpoint).AbsoluteUri.TrimEnd('/'),
        ["Edna__Objects__S3__Region"] = "us-east-1",
        ["Edna__Objects__S3__AccessKeyId"] = _ceph.Key,
        ["Edna__Objects__S3__SecretAccessKey"] = _ceph.Secret,
        ["Edna__Objects__S3__PathStyle"] = "true",
        ["Edna__Objects__S3__Compatibility"] = "Ceph",
    };

    /// <summary>Has the server send what is written here to an address, by a topic and a notification. It does so before it answers the PUT.</summary>
    public async Task NotifyAsync(string pushEndpoint, string folder, CancellationToken ct)
    {
        var topic = $"edna-{Guid.NewGuid():N}";
        var (code, output) = await Shell.RunAsync(
            $"curl --silent --show-error --fail-with-body --aws-sigv4 aws:amz:us-east-1:sns --user {_ceph.Key}:{_ceph.Secret} {_ceph.Endpoint}/"
            + $" --data Action=CreateTopic --data Name={topic} --data Attributes.entry.1.key=push-endpoint --data-urlencode 'Attributes.entry.1.value={pushEndpoint}'",
            folder, new Dictionary<string, string?>(), ct);
        Assert.True(code == 0, output);
        await _s3.PutBucketNotificationAsync(new PutBucketNotificationRequest
        {
            BucketName = Name, TopicConfigurations = [new() { Id = "edna", Topic = $"arn:aws:sns:default::{topic}", Events = [EventType.ObjectCreatedAll] }],
        }, ct);
    }

    /// <summary>Every key in the bucket.</summary>
    public async Task<IReadOnlyList<string>> ListAsync(CancellationToken ct)
    {
        var keys = new List<string>();
        string? next = null;
        do
        {
            var page = await _s3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = Name, ContinuationToken = next }, ct);
            keys.AddRange((page.S3Objects ?? []).Select(o => o.Key));
            next = page.NextContinuationToken;
        }
        while (next is not null);
        return keys;
    }

    /// <summary>Writes an object as somebody else would, over whatever is there.</summary>
    public async Task PutAsync(string key, byte[] bytes, string? contentType = null, Dictionary<string, string>? tags = null, Dictionary<string, string>? metadata = null, CancellationToken ct = default)
    {
        using var body = new MemoryStream(bytes);
        var request = new PutObjectRequest
        {
            BucketName = Name, Key = key, InputStream = body, ContentType = contentType, UseChunkEncoding = false,
            TagSet = [.. (tags ?? []).Select(t => new Tag { Key = t.Key, Value = t.Value })],
        };
        foreach (var (name, value) in metadata ?? []) request.Metadata.Add(name, value);
        await _s3.PutObjectAsync(request, ct);
    }

    /// <summary>Writes many objects, each with its key as its bytes.</summary>
    public Task PutManyAsync(IEnumerable<string> keys, CancellationToken ct) => Parallel.ForEachAsync(
        keys, new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = ct },
        async (key, stop) => await PutAsync(key, System.Text.Encoding.UTF8.GetBytes(key), ct: stop));

    /// <summary>Removes an object as somebody else would.</summary>
    public Task DeleteAsync(string key, CancellationToken ct) => _s3.DeleteObjectAsync(Name, key, ct);

    /// <summary>An object's tags.</summary>
    public async Task<Dictionary<string, string>> TagsAsync(string key, CancellationToken ct) =>
        ((await _s3.GetObjectTaggingAsync(new GetObjectTaggingRequest { BucketName = Name, Key = key }, ct)).Tagging ?? []).ToDictionary(t => t.Key, t => t.Value);

    /// <summary>Opens a multipart upload that nobody ends.</summary>
    public async Task<string> OpenMultipartAsync(string key, CancellationToken ct) => (await _s3.InitiateMultipartUploadAsync(Name, key, ct)).UploadId;

    /// <summary>The keys of the multipart uploads that are open.</summary>
    public async Task<IReadOnlyList<string>> ListMultipartsAsync(CancellationToken ct) =>
        [.. ((await _s3.ListMultipartUploadsAsync(Name, ct)).MultipartUploads ?? []).Select(u => u.Key)];

    /// <summary>An object's bytes.</summary>
    public async Task<byte[]> ReadAsync(string key, CancellationToken ct)
    {
        using var answer = await _s3.GetObjectAsync(Name, key, ct);
        using var bytes = new MemoryStream();
        await answer.ResponseStream.CopyToAsync(bytes, ct);
        return bytes.ToArray();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var keys in (await ListAsync(CancellationToken.None)).Chunk(1000))
            await _s3.DeleteObjectsAsync(new DeleteObjectsRequest { BucketName = Name, Objects = [.. keys.Select(k => new KeyVersion { Key = k })] });
        await _s3.DeleteBucketAsync(Name);
        _s3.Dispose();
    }

    private static string Variable(string name) =>
        Environment.GetEnvironmentVariable(name) ?? throw new InvalidOperationException($"{name} is not set although EDNA_TEST_S3_ENDPOINT is.");
}
