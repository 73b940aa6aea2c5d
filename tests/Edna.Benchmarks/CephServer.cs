using System.Diagnostics;
using Edna.Harness;
using Edna.Storage.S3;
using Microsoft.Extensions.Logging.Abstractions;

namespace Edna.Benchmarks;

/// <summary>A Ceph object gateway to measure against: the one that the environment names, or one of its own.</summary>
internal sealed class CephServer : IAsyncDisposable
{
    private readonly string? _folder;

    private CephServer(string endpoint, string? folder) => (Endpoint, _folder) = (new Uri(endpoint), folder);

    public Uri Endpoint { get; }

    private static string Key => Environment.GetEnvironmentVariable("EDNA_TEST_S3_KEY") ?? "ednatest";

    private static string Secret => Environment.GetEnvironmentVariable("EDNA_TEST_S3_SECRET") ?? "ednatestsecret";

    public static async Task<CephServer> StartAsync()
    {
        if (Environment.GetEnvironmentVariable("EDNA_TEST_S3_ENDPOINT") is { Length: > 0 } endpoint) return new(endpoint, null);
        var folder = Path.Combine(Path.GetTempPath(), $"edna-ceph-{Guid.NewGuid():N}");
        var up = new ProcessStartInfo(Path.Combine(Programs.Root, "eng/ceph-up.sh"), [folder, $"{Ports.Free()}", $"{Ports.Free()}"]) { RedirectStandardOutput = true };
        up.Environment["EDNA_TEST_S3_KEY"] = Key;
        up.Environment["EDNA_TEST_S3_SECRET"] = Secret;
        using var process = Process.Start(up)!;
        var address = await process.StandardOutput.ReadLineAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? new(address!, folder)
            : throw new InvalidOperationException("Ceph did not start. ./test.sh installs what it needs; eng/ceph-up.sh says what is missing.");
    }

    /// <summary>A store of EDNA's own in a new bucket, for what is sent straight to Ceph.</summary>
    public async Task<(S3ObjectStore Store, string Bucket)> NewBucketAsync()
    {
        var bucket = $"benchmark-{Guid.NewGuid():N}";
        var options = new S3ObjectOptions
        {
            Bucket = bucket, Endpoint = Endpoint, AccessKeyId = Key, SecretAccessKey = Secret, Compatibility = S3Compatibility.Ceph,
        };
        var store = new S3ObjectStore(options, new S3CredentialSource(options, TimeProvider.System, NullLogger<S3CredentialSource>.Instance), TimeProvider.System);
        await store.CreateBucketAsync(CancellationToken.None);
        return (store, bucket);
    }

    /// <summary>The settings that have EDNA keep its objects in a bucket of this server.</summary>
    public Dictionary<string, string?> Settings(string bucket) => new()
    {
        ["Edna__Objects__Provider"] = "S3", ["Edna__Objects__S3__Bucket"] = bucket, ["Edna__Objects__S3__Endpoint"] = Endpoint.AbsoluteUri.TrimEnd('/'),
        ["Edna__Objects__S3__AccessKeyId"] = Key, ["Edna__Objects__S3__SecretAccessKey"] = Secret, ["Edna__Objects__S3__Compatibility"] = "Ceph",
    };

    public async ValueTask DisposeAsync()
    {
        if (_folder is null) return;
        using var down = Process.Start(Path.Combine(Programs.Root, "eng/ceph-down.sh"), _folder);
        await down.WaitForExitAsync();
    }
}
