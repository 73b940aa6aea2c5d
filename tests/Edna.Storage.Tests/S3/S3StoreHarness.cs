using Edna.Objects;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Edna.Storage.S3;

/// <summary>A fresh bucket of the Ceph object gateway that <c>EDNA_TEST_S3_ENDPOINT</c> names.</summary>
public sealed class S3StoreHarness : ObjectStoreHarness
{
    private readonly List<S3ObjectStore> _stores = [];
    private readonly string? _endpoint = Environment.GetEnvironmentVariable("EDNA_TEST_S3_ENDPOINT");
    private S3ObjectStore? _store;

    public string Bucket { get; } = $"edna-test-{Guid.NewGuid():N}";

    public override IObjectStore Store
    {
        get
        {
            Assert.SkipWhen(_store is null, "No S3 server: EDNA_TEST_S3_ENDPOINT is not set (eng/ceph-up.sh starts one).");
            return _store;
        }
    }

    /// <summary>A store at a port on which nothing listens.</summary>
    public override IObjectStore Unreachable => Made(Options(new Uri("http://127.0.0.1:1")), TimeProvider.System);

    public override IObjectStore StoreAt(TimeProvider time)
    {
        _ = Store;
        return Made(Options(new Uri(_endpoint!)), time);
    }

    public override async ValueTask InitializeAsync()
    {
        if (string.IsNullOrEmpty(_endpoint)) return;
        _store = Made(Options(new Uri(_endpoint)), TimeProvider.System);
        await _store.CreateBucketAsync(CancellationToken.None);
    }

    public override async ValueTask DisposeAsync()
    {
        if (_store is not null)
        {
            var keys = new List<string>();
            await foreach (var listed in _store.ListAsync(null, "", null, CancellationToken.None)) keys.Add(listed.Key);
            await _store.DeleteAsync(null, keys, CancellationToken.None);
        }
        _stores.ForEach(store => store.Dispose());
    }

    public S3ObjectOptions Options(Uri endpoint) => new()
    {
        Bucket = Bucket,
        Endpoint = endpoint,
        AccessKeyId = Environment.GetEnvironmentVariable("EDNA_TEST_S3_KEY") ?? "ednatest",
        SecretAccessKey = Environment.GetEnvironmentVariable("EDNA_TEST_S3_SECRET") ?? "ednatestsecret",
        Compatibility = S3Compatibility.Ceph,
    };

    public S3ObjectStore Made(S3ObjectOptions options, TimeProvider time)
    {
        var store = new S3ObjectStore(options, new S3CredentialSource(options, time, NullLogger<S3CredentialSource>.Instance), time);
        _stores.Add(store);
        return store;
    }
}
