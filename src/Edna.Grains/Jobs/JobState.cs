namespace Edna.Jobs;

/// <summary>What is stored of a job. Never rename a member.</summary>
public sealed class JobState
{
    /// <summary>What it does.</summary>
    public string Kind { get; set; } = "";

    /// <summary>The dataset it works on.</summary>
    public string Dataset { get; set; } = "";

    /// <summary>How far it is.</summary>
    public JobStatus Status { get; set; }

    /// <summary>Items done.</summary>
    public long Done { get; set; }

    /// <summary>All items, as far as it is known.</summary>
    public long? Total { get; set; }

    /// <summary>Where its next step starts: the last item done.</summary>
    public string? Cursor { get; set; }

    /// <summary>The first 100 faults.</summary>
    public List<string> Errors { get; set; } = [];

    /// <summary>All faults, counted.</summary>
    public long ErrorCount { get; set; }

    /// <summary>When it was asked for, UTC.</summary>
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Who asked.</summary>
    public string CreatedBy { get; set; } = "";

    /// <summary>When it ended, UTC.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>The job as clients see it.</summary>
    /// <param name="id">Its id.</param>
    public Job ToJob(string id) => new()
    {
        Id = id, Kind = Kind, Dataset = Dataset, Status = Status, Progress = new() { Done = Done, Total = Total }, Errors = [.. Errors],
        ErrorCount = ErrorCount, CreatedAt = CreatedAt, CreatedBy = CreatedBy, EndedAt = EndedAt,
    };
}
