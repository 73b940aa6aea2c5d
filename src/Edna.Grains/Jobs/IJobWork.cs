using Edna.Results;

namespace Edna.Jobs;

/// <summary>
/// What a job of one kind does, step by step. <see cref="JobGrain"/> keeps what a step leaves in the state, durable, before the next
/// begins; a step that was cut off is done again from the state before it, and every step can be done twice without harm.
/// </summary>
internal interface IJobWork : IAsyncDisposable
{
    /// <summary>Does the next step.</summary>
    /// <param name="job">The job's state, for the step to change: a copy, kept when the step ends well.</param>
    /// <param name="ct">Ends the waiting when the silo stops.</param>
    Task<JobStep> StepAsync(JobState job, CancellationToken ct);

    /// <summary>
    /// Tidies away what the job has made so far, for it has failed or been cancelled; of kinds that <see cref="JobWorks.HasToTidy"/> names.
    /// One that was cut off is done again.
    /// </summary>
    /// <param name="job">The job's state as the last step left it.</param>
    /// <param name="ct">Ends the waiting when the silo stops.</param>
    Task AbandonAsync(JobState job, CancellationToken ct) => Task.CompletedTask;
}

/// <summary>How a step ended.</summary>
internal readonly record struct JobStep
{
    private JobStep(JobProceeds next, Problem? problem = null) => (Next, Problem) = (next, problem);

    /// <summary>How the job goes on.</summary>
    public JobProceeds Next { get; }

    /// <summary>Why it cannot.</summary>
    public Problem? Problem { get; }

    /// <summary>There is another step.</summary>
    public static JobStep More => new(JobProceeds.AtOnce);

    /// <summary>There is another step once something else has gone on. This one has left the state as it was, so nothing is kept of it.</summary>
    public static JobStep Wait => new(JobProceeds.Later);

    /// <summary>That was the last one.</summary>
    public static JobStep Done => new(JobProceeds.NoMore);

    /// <summary>The job has failed for good.</summary>
    public static JobStep Failed(Problem problem) => new(JobProceeds.NoMore, problem);
}

/// <summary>How a job goes on after a step.</summary>
internal enum JobProceeds
{
    /// <summary>With the next step.</summary>
    AtOnce,

    /// <summary>With the next step, after a pause, which grows with each one on end.</summary>
    Later,

    /// <summary>Not at all.</summary>
    NoMore,
}
