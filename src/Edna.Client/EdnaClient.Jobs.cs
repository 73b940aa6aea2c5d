namespace Edna.Client;

public sealed partial class EdnaClient
{
    private static readonly TimeSpan LongestJobPause = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Starts an import of objects where they lie in the bucket, as a job of the server's. Errors: <c>dataset.not_found</c>,
    /// <c>request.invalid</c>.
    /// </summary>
    /// <param name="dataset">The dataset.</param>
    /// <param name="request">What to import.</param>
    /// <param name="ct">Cancels.</param>
    public Task<Job> ImportAsync(string dataset, CreateImport request, CancellationToken ct = default) =>
        SendAsync(HttpMethod.Post, At(dataset, "/imports"), request, EdnaJson.Default.CreateImport, EdnaJson.Default.Job, ct,
            idempotencyKey: Guid.NewGuid().ToString("N"));

    /// <summary>How far a job is. Errors: <c>job.not_found</c>.</summary>
    /// <param name="job">Its id.</param>
    /// <param name="ct">Cancels.</param>
    public Task<Job> GetJobAsync(string job, CancellationToken ct = default) => GetAsync(AtJob(job), EdnaJson.Default.Job, ct);

    /// <summary>Stops a job after the step at hand. Errors: <c>job.not_found</c>, <c>job.not_cancellable</c>.</summary>
    /// <param name="job">Its id.</param>
    /// <param name="ct">Cancels the request.</param>
    public Task<Job> CancelJobAsync(string job, CancellationToken ct = default) =>
        CallAsync(() => new HttpRequestMessage(HttpMethod.Delete, AtJob(job)), EdnaJson.Default.Job, ct);

    /// <summary>Waits until a job has ended, however it ends. Errors: <c>job.not_found</c>.</summary>
    /// <param name="job">Its id.</param>
    /// <param name="progress">Is told how far it is.</param>
    /// <param name="ct">Cancels the waiting; the job goes on.</param>
    public async Task<Job> WaitForJobAsync(string job, IProgress<JobProgress>? progress = null, CancellationToken ct = default)
    {
        for (var pause = TimeSpan.FromMilliseconds(50); ; pause = pause * 2 < LongestJobPause ? pause * 2 : LongestJobPause)
        {
            var now = await GetJobAsync(job, ct);
            progress?.Report(now.Progress);
            if (now.Status != JobStatuses.Running) return now;
            await Task.Delay(pause, _options.Time, ct);
        }
    }

    /// <summary>Removes a dataset with everything in it, as a job of the server's. Errors: <c>dataset.not_found</c>.</summary>
    /// <param name="dataset">Its name.</param>
    /// <param name="ct">Cancels.</param>
    public Task<Job> PurgeDatasetAsync(string dataset, CancellationToken ct = default) =>
        CallAsync(() => new HttpRequestMessage(HttpMethod.Delete, At(dataset, "?purge=true")), EdnaJson.Default.Job, ct);

    private static string AtJob(string job) => $"v1/jobs/{Uri.EscapeDataString(job)}";
}
