using Amazon.S3;
using Amazon.S3.Model;
using Edna.Objects;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Edna.Storage.S3.Check;

/// <summary>Against the Ceph object gateway that <c>EDNA_TEST_S3_ENDPOINT</c> names.</summary>
public sealed class S3BucketCheckTests(S3StoreHarness harness) : IClassFixture<S3StoreHarness>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_fresh_bucket_lacks_its_rules_and_has_them_after_applying_beside_those_of_others()
    {
        var options = await BucketAsync();
        using var client = new S3Client(options, new S3CredentialSource(options, TimeProvider.System, NullLogger<S3CredentialSource>.Instance).Credentials);
        await client.CallAsync((s3, limit) => s3.PutCORSConfigurationAsync(new()
        {
            BucketName = options.Bucket,
            Configuration = new() { Rules = [new() { Id = "theirs", AllowedOrigins = ["https://theirs.example"], AllowedMethods = ["GET"], AllowedHeaders = ["authorization"] }] },
        }, limit), Ct);
        await client.CallAsync((s3, limit) => s3.PutLifecycleConfigurationAsync(new()
        {
            BucketName = options.Bucket,
            Configuration = new()
            {
                Rules = [new()
                {
                    Id = "theirs", Status = LifecycleRuleStatus.Enabled, Expiration = new() { Days = 30 },
                    Filter = new() { LifecycleFilterPredicate = new LifecyclePrefixPredicate { Prefix = "logs/" } },
                }],
            },
        }, limit), Ct);
        var check = CheckOf(options);

        var found = await check.RunAsync(Ct);

        Assert.Equal([("cors", FindingState.Missing), ("lifecycle", FindingState.Missing)], found.Where(one => !one.IsInOrder).Select(one => (one.What, one.State)));
        Assert.All(found.Where(one => !one.IsInOrder), one => Assert.Contains("--apply sets", one.Mend, StringComparison.Ordinal));
        string[] tried =
        [
            "clock", "bucket", "put", "conditional write", "get", "head", "tags", "list", "signed upload", "multipart create", "multipart part",
            "multipart list", "multipart complete", "multipart abort", "delete", "cors", "lifecycle", "notifications",
        ];
        Assert.Equal(tried, found.Select(one => one.What));

        for (var round = 0; round < 2; round++)
        {
            var applied = await check.ApplyAsync(found, Ct);
            Assert.All(applied, one => Assert.Equal(FindingState.Ok, one.State));
            Assert.Equal(2, applied.Count);
            Assert.All(await check.RunAsync(Ct), one => Assert.True(one.IsInOrder, one.ToString()));
        }
        var settings = new S3BucketSettings(client, options.Bucket);
        Assert.Equal(["edna", "theirs"], (await settings.ReadCorsAsync(Ct)).Select(rule => rule.Id).Order());
        Assert.Equal(["https://theirs.example"], (await settings.ReadCorsAsync(Ct)).Single(rule => rule.Id == "theirs").AllowedOrigins);
        Assert.Equal(["edna", "theirs"], (await settings.ReadLifecycleAsync(Ct)).Select(rule => rule.Id).Order());
        Assert.Equal(30, (await settings.ReadLifecycleAsync(Ct)).Single(rule => rule.Id == "theirs").Expiration.Days);
        await AssertEmptyAsync(options);
    }

    [Fact]
    public async Task A_permission_that_is_missing_is_named()
    {
        var options = await BucketAsync();
        using var client = new S3Client(options, new S3CredentialSource(options, TimeProvider.System, NullLogger<S3CredentialSource>.Instance).Credentials);
        var denied = $$"""
            {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*", "Resource": "arn:aws:s3:::{{options.Bucket}}/*",
             "Action": ["s3:PutObjectTagging", "s3:ListMultipartUploadParts"]}]}
            """;
        await client.CallAsync((s3, limit) => s3.PutBucketPolicyAsync(new PutBucketPolicyRequest { BucketName = options.Bucket, Policy = denied }, limit), Ct);

        var found = await CheckOf(options).RunAsync(Ct);

        var wrong = found.Where(one => one.State == FindingState.Wrong).ToDictionary(one => one.What);
        Assert.Equal(["multipart list", "tags"], wrong.Keys.Order());
        Assert.Contains("s3:PutObjectTagging", wrong["tags"].Mend, StringComparison.Ordinal);
        Assert.Contains("AccessDenied", wrong["tags"].Detail, StringComparison.Ordinal);
        Assert.Contains("s3:ListMultipartUploadParts", wrong["multipart list"].Mend, StringComparison.Ordinal);
        Assert.Equal(FindingState.NotTried, found.Single(one => one.What == "multipart complete").State);
        await AssertEmptyAsync(options);
    }

    [Fact]
    public async Task A_bucket_that_is_not_there_and_keys_that_are_wrong_are_told_apart()
    {
        var missing = await BucketAsync();
        missing.Bucket += "-not";
        var found = (await CheckOf(missing).RunAsync(Ct)).Single(one => one.What == "bucket");
        Assert.Equal(FindingState.Missing, found.State);
        var wrong = await BucketAsync();
        wrong.SecretAccessKey = "wrong";
        found = (await CheckOf(wrong).RunAsync(Ct)).Single(one => one.What == "bucket");
        Assert.Equal(FindingState.Wrong, found.State);
        Assert.Contains("SecretAccessKey", found.Mend, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_clock_that_is_off_is_told()
    {
        var options = await BucketAsync();
        var found = await CheckOf(options, new StoppedClock(DateTimeOffset.UtcNow.AddMinutes(-8))).RunAsync(Ct);
        Assert.Equal(FindingState.Wrong, found.Single(one => one.What == "clock").State);
    }

    [Fact]
    public async Task A_store_that_does_not_answer_is_told()
    {
        var found = await CheckOf(harness.Options(new Uri("http://127.0.0.1:1"))).RunAsync(Ct);
        Assert.Equal([("clock", FindingState.NotTried), ("bucket", FindingState.Wrong)], found.Select(one => (one.What, one.State)));
    }

    [Theory]
    [InlineData("NoSuchBucket", FindingState.Missing, "Make it")]
    [InlineData("AccessDenied", FindingState.Wrong, "s3:ListBucket")]
    [InlineData("PermanentRedirect", FindingState.Wrong, "Region")]
    [InlineData("SignatureDoesNotMatch", FindingState.Wrong, "SecretAccessKey")]
    [InlineData(null, FindingState.Wrong, "Endpoint")]
    public void What_keeps_EDNA_from_its_bucket_has_a_mend(string? code, FindingState state, string mend)
    {
        var found = S3BucketCheck.JudgeFault("data", code, "The store's words.");
        Assert.Equal(state, found.State);
        Assert.Contains(mend, found.Mend, StringComparison.Ordinal);
    }

    private async Task<S3ObjectOptions> BucketAsync()
    {
        _ = harness.Store;
        var options = harness.Options(new Uri(Environment.GetEnvironmentVariable("EDNA_TEST_S3_ENDPOINT")!));
        (options.Bucket, options.Prefix) = ($"edna-check-{Guid.NewGuid():N}", "data/");
        await harness.Made(options, TimeProvider.System).CreateBucketAsync(Ct);
        return options;
    }

    private S3BucketCheck CheckOf(S3ObjectOptions options, TimeProvider? time = null)
    {
        var clock = time ?? TimeProvider.System;
        return new(options, new S3CredentialSource(options, clock, NullLogger<S3CredentialSource>.Instance), harness.Made(options, clock), clock);
    }

    private async Task AssertEmptyAsync(S3ObjectOptions options)
    {
        var store = harness.Made(options, TimeProvider.System);
        await foreach (var left in store.ListAsync(null, "", null, Ct)) Assert.Fail($"'{left.Key}' was left.");
        await foreach (var left in store.ListMultipartsAsync(null, "", Ct)) Assert.Fail($"An upload to '{left.Key}' was left.");
    }
}
