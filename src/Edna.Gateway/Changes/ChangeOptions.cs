namespace Edna.Changes;

/// <summary>How many follow changes in one process, and how they are kept: the configuration section <c>Edna:Changes</c>.</summary>
public sealed class ChangeOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Edna:Changes";

    /// <summary>Streams and waiting requests of a process: 1–100,000, default 5,000.</summary>
    public int Readers { get; set; } = 5_000;

    /// <summary>Streams and waiting requests of a dataset in a process: 1–100,000, default 2,000.</summary>
    public int ReadersPerDataset { get; set; } = 2_000;

    /// <summary>Bytes of the newest changes that a process keeps of a dataset that is followed: 64 KiB to 256 MiB, default 4 MiB.</summary>
    public int BufferBytes { get; set; } = 4 << 20;

    /// <summary>How long a stream stays silent at most, and how often its caller's permission is looked at again: one second to one minute, default 10 seconds.</summary>
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a reader may keep one write waiting, and, once it falls behind <see cref="BufferBytes"/>, all writes since it had
    /// everything last, before it is cut off: one second to five minutes, default 10 seconds.
    /// </summary>
    public TimeSpan SlowReader { get; set; } = TimeSpan.FromSeconds(10);
}

/// <summary>Registers what follows changes.</summary>
internal static class ChangeServices
{
    /// <summary>Adds the hub, the streams and their options.</summary>
    public static IServiceCollection AddChanges(this IServiceCollection services)
    {
        services.AddOptions<ChangeOptions>().BindConfiguration(ChangeOptions.Section)
            .Validate(o => o.Readers is >= 1 and <= 100_000, "Edna:Changes:Readers: must be 1 to 100000.")
            .Validate(o => o.ReadersPerDataset is >= 1 and <= 100_000, "Edna:Changes:ReadersPerDataset: must be 1 to 100000.")
            .Validate(o => o.BufferBytes is >= 64 << 10 and <= 256 << 20, "Edna:Changes:BufferBytes: must be 65536 (64 KiB) to 268435456 (256 MiB).")
            .Validate(o => o.Heartbeat >= TimeSpan.FromSeconds(1) && o.Heartbeat <= TimeSpan.FromMinutes(1),
                "Edna:Changes:Heartbeat: must be one second (00:00:01) to one minute (00:01:00).")
            .Validate(o => o.SlowReader >= TimeSpan.FromSeconds(1) && o.SlowReader <= TimeSpan.FromMinutes(5),
                "Edna:Changes:SlowReader: must be one second (00:00:01) to five minutes (00:05:00).")
            .ValidateOnStart();
        return services.AddSingleton<ChangeHub>().AddSingleton<ChangePages>().AddSingleton<ChangeStreams>();
    }
}
