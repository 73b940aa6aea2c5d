namespace Edna.Changes;

/// <summary>How long changes are kept: configuration <c>Edna:Changes:Retention</c>.</summary>
public sealed class ChangeRetentionOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Edna:Changes";

    /// <summary>The shortest retention: whoever is cut off must have time to come back.</summary>
    public static readonly TimeSpan Least = TimeSpan.FromHours(1);

    /// <summary>The longest, a hundred years: all changes are kept.</summary>
    public static readonly TimeSpan Most = TimeSpan.FromDays(36_500);

    /// <summary>
    /// How long a change is kept after it was made: one hour to 36,500 days. Default: 30 days, as long as the trash keeps an item, so that who
    /// may still restore something can also be told what happened to it.
    /// </summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(30);
}
