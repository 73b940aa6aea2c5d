using System.Net;
using System.Net.Sockets;
using Amazon.Runtime;
using Edna.Objects;
using Edna.Results;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Xunit;

namespace Edna.Storage.S3;

public sealed class S3ObjectStoreTests(S3StoreHarness harness) : IClassFixture<S3StoreHarness>
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly ObjectPut Put = new() { Size = 10, ContentType = "image/jpeg" };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_store_that_takes_the_call_and_never_answers_is_unavailable()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var options = harness.Options(new Uri($"http://{silent.LocalEndpoint}"));
        options.Patience = TimeSpan.FromMilliseconds(200);
        var store = harness.Made(options, TimeProvider.System);
        await Assert.ThrowsAsync<UnavailableException>(async () => await store.HeadAsync(new(null, "a"), Ct));
        await Assert.ThrowsAsync<UnavailableException>(async () => await store.DeleteAsync(null, ["a"], Ct));
    }

    [Fact]
    public async Task A_caller_that_gives_up_is_told_so_and_not_that_the_store_is_down()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var store = harness.Made(harness.Options(new Uri($"http://{silent.LocalEndpoint}")), TimeProvider.System);
        using var gone = new CancellationTokenSource();
        var head = store.HeadAsync(new(null, "a"), gone.Token);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await head);
    }

    [Fact]
    public async Task A_store_that_comes_back_is_used_again()
    {
        _ = harness.Store;
        var real = new Uri(Environment.GetEnvironmentVariable("EDNA_TEST_S3_ENDPOINT")!);
        await using var way = new ForwardedPort(real);
        var store = harness.Made(harness.Options(way.Address), TimeProvider.System);
        await Assert.ThrowsAsync<UnavailableException>(async () => await store.CheckAsync(Ct));
        way.Open();
        await store.CheckAsync(Ct);
    }

    [Fact]
    public async Task A_missing_bucket_and_wrong_keys_fail_the_check()
    {
        _ = harness.Store;
        var endpoint = new Uri(Environment.GetEnvironmentVariable("EDNA_TEST_S3_ENDPOINT")!);
        var missing = harness.Options(endpoint);
        missing.Bucket = $"edna-missing-{Guid.NewGuid():N}";
        await Assert.ThrowsAsync<UnavailableException>(async () => await harness.Made(missing, TimeProvider.System).CheckAsync(Ct));
        var wrong = harness.Options(endpoint);
        wrong.SecretAccessKey = "wrong";
        await Assert.ThrowsAsync<UnavailableException>(async () => await harness.Made(wrong, TimeProvider.System).CheckAsync(Ct));
    }

    [Fact]
    public async Task Renewed_credentials_are_signed_with_and_end_the_url_with_them()
    {
        var chain = new ChangingCredentials { Now = new("FIRST", "secret", "token-1"), Expiration = Now.AddHours(1).UtcDateTime };
        using var source = new S3CredentialSource("eu-central-1", chain, new StoppedClock(Now), NullLogger<S3CredentialSource>.Instance);
        using var store = new S3ObjectStore(new() { Bucket = "data", Region = "eu-central-1" }, source, new StoppedClock(Now));
        Assert.Throws<UnavailableException>(() => store.PresignPut(new(null, "a"), Put, Now.AddHours(2)));

        await source.RefreshAsync();
        var first = store.PresignPut(new(null, "a"), Put, Now.AddHours(2));
        Assert.Contains("FIRST%2F", first.Url, StringComparison.Ordinal);
        Assert.Contains("X-Amz-Security-Token=token-1", first.Url, StringComparison.Ordinal);
        Assert.Equal(Now.AddHours(1), first.ExpiresAt);

        chain.Now = new("SECOND", "secret", "token-2");
        await source.RefreshAsync();
        Assert.Contains("SECOND%2F", store.PresignPut(new(null, "a"), Put, Now.AddHours(2)).Url, StringComparison.Ordinal);
        chain.Now = null;
        await source.RefreshAsync();
        Assert.Contains("SECOND%2F", store.PresignPut(new(null, "a"), Put, Now.AddHours(2)).Url, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(S3Compatibility.Aws, "sha256", "x-amz-checksum-sha256", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData(S3Compatibility.Aws, "crc64nvme", "x-amz-checksum-crc64nvme", "AAAAAAAAAAA=")]
    [InlineData(S3Compatibility.Aws, "md5", "content-md5", "AAAAAAAAAAAAAAAAAAAAAA==")]
    [InlineData(S3Compatibility.Ceph, "md5", "content-md5", "AAAAAAAAAAAAAAAAAAAAAA==")]
    [InlineData(S3Compatibility.Ceph, "sha256", "x-amz-content-sha256", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    public void A_declared_checksum_is_signed_in_the_form_that_the_store_enforces(S3Compatibility kind, string algorithm, string header, string value)
    {
        using var store = Offline(options => options.Compatibility = kind);
        var signed = store.PresignPut(new(null, "a"), Put with { Checksum = new() { Algorithm = algorithm, Value = value } }, Now.AddHours(1));
        Assert.Equal(header == "x-amz-content-sha256" ? new string('0', 64) : value, signed.Headers[header]);
        Assert.Contains(header, Uri.UnescapeDataString(signed.Url), StringComparison.Ordinal);
        Assert.Contains(algorithm, store.Capabilities.EnforcedChecksums);
    }

    [Theory]
    [InlineData("data", null, "https://data.s3.eu-central-1.amazonaws.com/p/a%20b?")]
    [InlineData("dotted.data", null, "https://s3.eu-central-1.amazonaws.com/dotted.data/p/a%20b?")]
    [InlineData("data", true, "https://s3.eu-central-1.amazonaws.com/data/p/a%20b?")]
    public void The_bucket_stands_where_its_name_and_the_settings_allow(string bucket, bool? pathStyle, string start)
    {
        using var store = Offline(options => (options.Bucket, options.PathStyle) = (bucket, pathStyle));
        Assert.StartsWith(start, store.PresignGet(new(null, "p/a b"), null, Now.AddHours(1)).Url, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Bucket", "Not A Bucket")]
    [InlineData("Prefix", "no-slash-at-the-end")]
    [InlineData("Endpoint", "ftp://example.com")]
    [InlineData("SecretAccessKey", "without-an-id")]
    [InlineData("Compatibility", "7")]
    public void A_wrong_setting_is_named(string key, string value)
    {
        var settings = new Dictionary<string, string?> { ["Edna:Objects:S3:Bucket"] = "data", ["Edna:Objects:S3:Region"] = "eu-central-1" };
        using var right = Provider(settings);
        Assert.Equal("data", right.GetRequiredService<IOptions<S3ObjectOptions>>().Value.Bucket);
        settings[$"Edna:Objects:S3:{key}"] = value;
        using var wrong = Provider(settings);
        var fault = Assert.Throws<OptionsValidationException>(() => wrong.GetRequiredService<IOptions<S3ObjectOptions>>().Value);
        Assert.Contains($"Edna:Objects:S3:{key}", fault.Message, StringComparison.Ordinal);
    }

    private static ServiceProvider Provider(Dictionary<string, string?> settings) => new ServiceCollection()
        .AddS3Objects(new ConfigurationBuilder().AddInMemoryCollection(settings).Build()).BuildServiceProvider();

    private static S3ObjectStore Offline(Action<S3ObjectOptions> change)
    {
        var options = new S3ObjectOptions { Bucket = "data", Region = "eu-central-1", AccessKeyId = "KEY", SecretAccessKey = "secret" };
        change(options);
        var clock = new StoppedClock(Now);
        return new(options, new S3CredentialSource(options, clock, NullLogger<S3CredentialSource>.Instance), clock);
    }

    private sealed class ChangingCredentials : AWSCredentials
    {
        public ImmutableCredentials? Now { get; set; }

        public override ImmutableCredentials GetCredentials() => Now ?? throw new AmazonClientException("The metadata service does not answer.");
    }
}
