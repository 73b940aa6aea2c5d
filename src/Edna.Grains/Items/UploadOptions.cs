namespace Edna.Items;

/// <summary>Configuration <c>Edna:Uploads</c>.</summary>
public sealed class UploadOptions
{
    /// <summary>How long an upload URL works; one minute to seven days (S3's own limit). Default: one hour.</summary>
    public TimeSpan UrlLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long after that a PUT that began in time may still end. Default: 15 minutes.</summary>
    public TimeSpan Grace { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How long a download URL works; one second to seven days. Default: one hour.</summary>
    public TimeSpan DownloadUrlLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How often the sweeper looks for what is overdue; one second to one hour. Default: one minute.</summary>
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How often it looks for multipart uploads that no item owns; one minute to one day. Default: one hour.</summary>
    public TimeSpan OrphanInterval { get; set; } = TimeSpan.FromHours(1);

    /// <summary>The two that decisions need.</summary>
    public UploadLimits Limits => new(UrlLifetime, Grace);
}
