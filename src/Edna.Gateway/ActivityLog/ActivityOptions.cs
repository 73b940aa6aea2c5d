using Edna.Hosting;
using Microsoft.Extensions.Options;

namespace Edna.ActivityLog;

/// <summary>Where the activity log goes, section <see cref="Section"/>: one line of JSON for each request that may change something.</summary>
public sealed class ActivityOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Edna:Activity";

    /// <summary>Where the lines go. Default: nowhere.</summary>
    public ActivityOutput Output { get; set; }

    /// <summary>The file for <see cref="ActivityOutput.File"/>; null for <c>activity.jsonl</c> in the data directory.</summary>
    public string? Path { get; set; }

    /// <summary>At how many MiB a file is put aside and another begun; the last four are kept. 1–10,240. Default: 64.</summary>
    public int FileMegabytes { get; set; } = 64;

    /// <summary>Whether lines carry CloudWatch's embedded metric format, of which CloudWatch Logs makes metrics by itself.</summary>
    public bool EmbeddedMetrics { get; set; }

    /// <summary>The namespace of those metrics. Default: <c>EDNA</c>.</summary>
    public string MetricsNamespace { get; set; } = "EDNA";
}

/// <summary>Where the activity log goes. The names are configuration: never rename.</summary>
public enum ActivityOutput
{
    /// <summary>Nowhere.</summary>
    None = 0,

    /// <summary>Standard output, where ECS takes it from.</summary>
    Console = 1,

    /// <summary>A file.</summary>
    File = 2,
}

/// <summary>Adds the activity log.</summary>
internal static class ActivityServices
{
    /// <summary>Registers options and writer.</summary>
    public static IServiceCollection AddActivityLog(this IServiceCollection services)
    {
        services.AddOptions<ActivityOptions>().BindConfiguration(ActivityOptions.Section)
            .Validate(o => Enum.IsDefined(o.Output), $"{ActivityOptions.Section}:Output must be None, Console or File.")
            .Validate(o => o.FileMegabytes is >= 1 and <= 10_240, $"{ActivityOptions.Section}:FileMegabytes must be 1 to 10240.")
            .Validate(o => o.MetricsNamespace.Length is >= 1 and <= 255, $"{ActivityOptions.Section}:MetricsNamespace must be 1 to 255 characters.")
            .ValidateOnStart();
        services.AddSingleton(Sink);
        services.AddSingleton<ActivityWriter>();
        return services.AddHostedService(provider => provider.GetRequiredService<ActivityWriter>());
    }

    private static IActivitySink Sink(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<IOptions<ActivityOptions>>().Value;
        return options.Output switch
        {
            ActivityOutput.Console => new StreamSink(Console.OpenStandardOutput()),
            ActivityOutput.File => new FileSink(options.Path ?? provider.GetRequiredService<DataDirectory>().At("activity.jsonl"), options.FileMegabytes * 1024L * 1024),
            _ => NoSink.Instance,
        };
    }
}
