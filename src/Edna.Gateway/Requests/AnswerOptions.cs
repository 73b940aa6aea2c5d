namespace Edna.Requests;

/// <summary>How long requests may be kept open: the configuration section <c>Edna:Gateway</c>.</summary>
public sealed class AnswerOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Edna:Gateway";

    /// <summary>
    /// The longest that a request is kept open that waits for something, one second to one hour; null for as long as it asks. For a proxy that gives up
    /// earlier, or hands nothing on before an answer ends: waits are answered as if they had asked for less, and streams of changes end and are
    /// taken up again by their readers, where they were.
    /// </summary>
    public TimeSpan? LongestAnswer { get; set; }
}

/// <summary>Registers <see cref="AnswerOptions"/>.</summary>
internal static class AnswerServices
{
    /// <summary>Adds the options, checked on start.</summary>
    public static void AddAnswerOptions(this IServiceCollection services) =>
        services.AddOptions<AnswerOptions>().BindConfiguration(AnswerOptions.Section)
            .Validate(o => o.LongestAnswer is null || (o.LongestAnswer >= TimeSpan.FromSeconds(1) && o.LongestAnswer <= TimeSpan.FromHours(1)),
                $"{AnswerOptions.Section}:LongestAnswer: must be one second (00:00:01) to one hour (01:00:00).")
            .ValidateOnStart();

    /// <summary>What is left of a wait that was asked for.</summary>
    public static TimeSpan Cut(this AnswerOptions options, TimeSpan asked) => options.LongestAnswer is { } longest && longest < asked ? longest : asked;
}
