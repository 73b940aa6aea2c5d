namespace Edna.Hosting;

/// <summary>How a process that is told to stop (SIGTERM) ends, section <see cref="Section"/>.</summary>
public sealed class ShutdownOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Edna:Shutdown";

    /// <summary>
    /// The longest that all of it may take: 1–110 seconds, default 8. It must be shorter than the time after which the process is killed:
    /// 10 s in Docker, 30 s on ECS unless <c>stopTimeout</c> says otherwise, which is at most 120 s on Fargate.
    /// </summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(8);

    /// <summary>
    /// How long requests are still taken while <c>/health/ready</c> already answers 503, so that a load balancer looks elsewhere first: 0 to
    /// half of <see cref="Timeout"/>, default 0. ECS takes a task from its load balancer before it stops it, and needs none.
    /// </summary>
    public TimeSpan Drain { get; set; }
}
