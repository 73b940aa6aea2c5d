using Amazon.S3;
using Amazon.S3.Model;
using Edna.Results;

namespace Edna.Storage.S3.Check;

/// <summary>
/// Compares the configured bucket with what EDNA needs of it, and sets what can be set. Reading the settings needs more rights than
/// EDNA itself: s3:GetBucketCORS, s3:GetLifecycleConfiguration, s3:GetBucketNotification, and the same with Put to apply.
/// </summary>
public sealed class S3BucketCheck
{
    private readonly S3ObjectOptions _options;
    private readonly S3CredentialSource _credentials;
    private readonly S3ObjectStore _store;
    private readonly TimeProvider _time;
    private readonly BucketNeeds _needs;

    internal S3BucketCheck(S3ObjectOptions options, S3CredentialSource credentials, S3ObjectStore store, TimeProvider time)
    {
        (_options, _credentials, _store, _time) = (options, credentials, store, time);
        _needs = BucketNeeds.Of(options);
    }

    /// <summary>The bucket that is checked.</summary>
    public string Bucket => _options.Bucket;

    /// <summary>Looks at everything. Where the bucket itself is not to be had, that is the last finding.</summary>
    /// <param name="ct">Cancels.</param>
    public async Task<IReadOnlyList<BucketFinding>> RunAsync(CancellationToken ct)
    {
        using var client = await ClientAsync();
        var settings = new S3BucketSettings(client, _options.Bucket);
        var clock = await ClockAsync(ct);
        var bucket = await BucketAsync(client, ct);
        if (!bucket.IsInOrder) return [clock, bucket];

        // Before anything is removed: one subscription makes Ceph crash over that.
        IReadOnlyList<NotificationConfiguration> subscriptions = [];
        var notifications = await SettingAsync("notifications", "s3:GetBucketNotification", async () =>
        {
            subscriptions = await settings.ReadNotificationsAsync(ct);
            return NotificationCheck.Judge(subscriptions, _needs);
        });
        var deleteMany = _needs.IsAws || NotificationCheck.CrashesCeph(subscriptions) is null;
        var permissions = await new S3BucketProbe(_store, _time, deleteMany).RunAsync(ct);
        var cors = await SettingAsync("cors", "s3:GetBucketCORS", async () => CorsCheck.Judge(await settings.ReadCorsAsync(ct), _needs));
        var lifecycle = await SettingAsync("lifecycle", "s3:GetLifecycleConfiguration",
            async () => LifecycleCheck.Judge(await settings.ReadLifecycleAsync(ct), _needs));
        return [clock, bucket, .. permissions, cors, lifecycle, notifications];
    }

    /// <summary>Sets what is not in order of CORS, lifecycle and notifications. Rules of others stay; EDNA's own are replaced.</summary>
    /// <param name="findings">What <see cref="RunAsync"/> found.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>For each that was to be set, whether it was, and else why not.</returns>
    public async Task<IReadOnlyList<BucketFinding>> ApplyAsync(IReadOnlyList<BucketFinding> findings, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(findings);
        using var client = await ClientAsync();
        var settings = new S3BucketSettings(client, _options.Bucket);
        var applied = new List<BucketFinding>();
        foreach (var finding in findings.Where(finding => !finding.IsInOrder))
        {
            var (apply, permission) = finding.What switch
            {
                "cors" => (settings.ApplyCorsAsync(_needs, ct), "s3:PutBucketCORS"),
                "lifecycle" => (settings.ApplyLifecycleAsync(_needs, ct), "s3:PutLifecycleConfiguration"),
                "notifications" => (settings.ApplyNotificationsAsync(_needs, ct), "s3:PutBucketNotification"),
                _ => (null, ""),
            };
            if (apply is null) continue;
            applied.Add(await SettingAsync(finding.What, permission, async () =>
            {
                await apply;
                return new(finding.What, FindingState.Ok, "Set.");
            }));
        }
        return applied;
    }

    private async Task<S3Client> ClientAsync()
    {
        if (_credentials.Credentials is null) await _credentials.RefreshAsync();
        return new(_options, _credentials.Credentials);
    }

    private async Task<BucketFinding> BucketAsync(S3Client client, CancellationToken ct)
    {
        try
        {
            _ = _credentials.Presigner;
            await client.CallAsync((s3, limit) => s3.ListObjectsV2Async(new() { BucketName = _options.Bucket, Prefix = _options.Prefix, MaxKeys = 1 }, limit), ct);
            return new("bucket", FindingState.Ok, $"'{_options.Bucket}' is there.");
        }
        catch (UnavailableException e)
        {
            return JudgeFault(_options.Bucket, (e.InnerException as AmazonS3Exception)?.ErrorCode, S3BucketProbe.Words(e));
        }
    }

    /// <summary>What a fault of the first call to a bucket means.</summary>
    internal static BucketFinding JudgeFault(string bucket, string? code, string words) => code switch
    {
        "NoSuchBucket" => new("bucket", FindingState.Missing, $"There is no bucket '{bucket}'.",
            $"Make it (aws s3 mb s3://{bucket}), or correct {S3ObjectOptions.Section}:Bucket."),
        "AccessDenied" => new("bucket", FindingState.Wrong, $"'{bucket}' cannot be listed: {words}", "Give EDNA s3:ListBucket on it; docs/bucket.md has the whole policy."),
        "InvalidAccessKeyId" or "SignatureDoesNotMatch" or "ExpiredToken" or "InvalidToken" => new("bucket", FindingState.Wrong, words,
            $"Correct {S3ObjectOptions.Section}:AccessKeyId and SecretAccessKey, or the credentials of the environment."),
        "PermanentRedirect" or "AuthorizationHeaderMalformed" or "IllegalLocationConstraintException" => new("bucket", FindingState.Wrong, words,
            $"Set {S3ObjectOptions.Section}:Region to the bucket's own."),
        _ => new("bucket", FindingState.Wrong, words, $"See that {S3ObjectOptions.Section}:Endpoint, Region and the credentials are right, and that the store can be reached from here."),
    };

    private async Task<BucketFinding> ClockAsync(CancellationToken ct)
    {
        // Any answer has the date, a refusal too. Not through the SDK, which corrects for a wrong clock silently.
        using var http = new HttpClient { Timeout = _options.Patience };
        var address = new Uri(System.Text.Encoding.ASCII.GetString(S3Addresses.OfStore(_options).Of(_options.Bucket).Origin));
        try
        {
            var sent = _time.GetUtcNow();
            using var answer = await http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, ct);
            return ClockCheck.Judge(answer.Headers.Date, sent + ((_time.GetUtcNow() - sent) / 2));
        }
        catch (Exception e) when (S3Client.IsFault(e, ct))
        {
            return new("clock", FindingState.NotTried, $"{address} does not answer: {e.Message}");
        }
    }

    private static async Task<BucketFinding> SettingAsync(string what, string permission, Func<Task<BucketFinding>> judge)
    {
        try
        {
            return await judge();
        }
        catch (UnavailableException e)
        {
            return new(what, FindingState.Wrong, S3BucketProbe.Words(e), $"Whoever runs this needs {permission} on the bucket.");
        }
    }
}
