using Amazon.S3.Model;

namespace Edna.Storage.S3.Check;

/// <summary>Reads and writes what the bucket is set to. Everything is written back as it was read, but for EDNA's own rules.</summary>
/// <param name="client">The way to the store.</param>
/// <param name="bucket">The bucket.</param>
internal sealed class S3BucketSettings(S3Client client, string bucket)
{
    public async Task<IReadOnlyList<CORSRule>> ReadCorsAsync(CancellationToken ct)
    {
        var found = await client.FindAsync((s3, limit) => s3.GetCORSConfigurationAsync(new GetCORSConfigurationRequest { BucketName = bucket }, limit), ct);
        return found?.Configuration?.Rules ?? [];
    }

    public async Task<IReadOnlyList<LifecycleRule>> ReadLifecycleAsync(CancellationToken ct) =>
        (await LifecycleAsync(ct))?.Configuration?.Rules ?? [];

    public async Task<IReadOnlyList<NotificationConfiguration>> ReadNotificationsAsync(CancellationToken ct)
    {
        var found = await NotificationsAsync(ct);
        return [.. found.QueueConfigurations ?? [], .. found.TopicConfigurations ?? [], .. found.LambdaFunctionConfigurations ?? []];
    }

    public async Task ApplyCorsAsync(BucketNeeds needs, CancellationToken ct)
    {
        var rules = CorsCheck.Merge(await ReadCorsAsync(ct), needs);
        await client.CallAsync((s3, limit) => s3.PutCORSConfigurationAsync(new() { BucketName = bucket, Configuration = new() { Rules = rules } }, limit), ct);
    }

    public async Task ApplyLifecycleAsync(BucketNeeds needs, CancellationToken ct)
    {
        var found = await LifecycleAsync(ct);
        var request = new PutLifecycleConfigurationRequest
        {
            BucketName = bucket,
            Configuration = new() { Rules = LifecycleCheck.Merge(found?.Configuration?.Rules ?? [], needs) },
            // Not said again, it would fall back to the default.
            TransitionDefaultMinimumObjectSize = found?.TransitionDefaultMinimumObjectSize,
        };
        await client.CallAsync((s3, limit) => s3.PutLifecycleConfigurationAsync(request, limit), ct);
    }

    public async Task ApplyNotificationsAsync(BucketNeeds needs, CancellationToken ct)
    {
        var found = await NotificationsAsync(ct);
        var request = new PutBucketNotificationRequest
        {
            BucketName = bucket,
            QueueConfigurations = found.QueueConfigurations ?? [],
            TopicConfigurations = found.TopicConfigurations ?? [],
            LambdaFunctionConfigurations = found.LambdaFunctionConfigurations,
            EventBridgeConfiguration = found.EventBridgeConfiguration,
        };
        NotificationCheck.Merge(request.QueueConfigurations, request.TopicConfigurations, needs);
        await client.CallAsync((s3, limit) => s3.PutBucketNotificationAsync(request, limit), ct, client.PatienceForMany);
    }

    private ValueTask<GetLifecycleConfigurationResponse?> LifecycleAsync(CancellationToken ct) =>
        client.FindAsync((s3, limit) => s3.GetLifecycleConfigurationAsync(new GetLifecycleConfigurationRequest { BucketName = bucket }, limit), ct);

    private ValueTask<GetBucketNotificationResponse> NotificationsAsync(CancellationToken ct) =>
        client.CallAsync((s3, limit) => s3.GetBucketNotificationAsync(new GetBucketNotificationRequest { BucketName = bucket }, limit), ct);
}
