using Edna.Access;
using Edna.Requests;
using Microsoft.Extensions.Options;

namespace Edna.Changes;

/// <summary>What the streams of a process share.</summary>
internal sealed class ChangeStreams(
    ChangeHub hub, StandingAccess access, IOptions<ChangeOptions> options, IOptions<AnswerOptions> answers, IHostApplicationLifetime life, TimeProvider time, ILogger<ChangeStreams> log)
{
    /// <summary>Who reads what.</summary>
    public ChangeHub Hub => hub;

    /// <summary>Whether the caller may still read.</summary>
    public StandingAccess Access => access;

    /// <summary>Limits and times.</summary>
    public ChangeOptions Options => options.Value;

    /// <summary>How long a stream is kept open; null for ever.</summary>
    public TimeSpan? Longest => answers.Value.LongestAnswer;

    /// <summary>The service stops.</summary>
    public CancellationToken Stopping => life.ApplicationStopping;

    /// <summary>The clock.</summary>
    public TimeProvider Time => time;

    /// <summary>Where faults are told.</summary>
    public ILogger Log => log;

    /// <summary>The stream of a dataset's changes.</summary>
    /// <param name="at">The dataset, and who asks.</param>
    /// <param name="since">The cursor after which it begins; null for the oldest kept; <see cref="ChangesAsked.Now"/> for now.</param>
    public IResult Of(DatasetAddress at, string? since) => new ChangeStream(this, at.Key, since);
}
