using System.Text.Json;
using Edna.Json;
using Edna.Results;
using Edna.Search;

namespace Edna.Jobs;

/// <summary>What is stored of a job. Never rename a member.</summary>
public sealed class JobState
{
    private const int ErrorsKept = 100;

    /// <summary>What it does: <c>purge</c>, <c>import</c> or <c>reindex</c>.</summary>
    public string Kind { get; set; } = "";

    /// <summary>The dataset it works on; empty when it works on all.</summary>
    public string Dataset { get; set; } = "";

    /// <summary>How far it is.</summary>
    public JobStatus Status { get; set; }

    /// <summary>Items done.</summary>
    public long Done { get; set; }

    /// <summary>All items, as far as it is known.</summary>
    public long? Total { get; set; }

    /// <summary>Which part of its work the next step belongs to, from 0.</summary>
    public int Phase { get; set; }

    /// <summary>Where in that part its next step starts: the last item or key done.</summary>
    public string? Cursor { get; set; }

    /// <summary>Of an import: what the keys start with, the dataset's root included.</summary>
    public string? Prefix { get; set; }

    /// <summary>Of an import: whether the store is asked for each object's details.</summary>
    public bool Details { get; set; }

    /// <summary>Of an import: the number of its newest page in the bucket.</summary>
    public int Page { get; set; }

    /// <summary>Of a reindex: the generation of the index that it makes.</summary>
    public string? NextIndex { get; set; }

    /// <summary>Of a reindex: the name of the index that was in use.</summary>
    public string? IndexBefore { get; set; }

    /// <summary>Of a reindex: the generation of the index that was in use.</summary>
    public string? GenerationBefore { get; set; }

    /// <summary>Of a reindex: the page that is being pushed; null when none is. It is replaced as a whole, so copies may share it.</summary>
    public PageInHand? InHand { get; set; }

    /// <summary>Of a reindex: items that the new index does not take in.</summary>
    public List<string>? Refused { get; set; }

    /// <summary>How it ends once what it made is tidied away; null while it goes on.</summary>
    public JobStatus? EndsAs { get; set; }

    /// <summary>What the result counts, by name.</summary>
    public Dictionary<string, long> Counts { get; set; } = [];

    /// <summary>Of an import: what was skipped, by reason.</summary>
    public Dictionary<string, long>? Skipped { get; set; }

    /// <summary>The first 100 faults.</summary>
    public List<string> Errors { get; set; } = [];

    /// <summary>All faults, counted.</summary>
    public long ErrorCount { get; set; }

    /// <summary>How often on end the step at hand has failed by a fault that is no outage.</summary>
    public int Faults { get; set; }

    /// <summary>When it was asked for, UTC.</summary>
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Who asked.</summary>
    public string CreatedBy { get; set; } = "";

    /// <summary>When it ended, UTC.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>A copy to change.</summary>
    public JobState Clone()
    {
        var copy = (JobState)MemberwiseClone();
        (copy.Counts, copy.Errors) = (new(Counts), [.. Errors]);
        if (Skipped is not null) copy.Skipped = new(Skipped);
        if (Refused is not null) copy.Refused = [.. Refused];
        return copy;
    }

    /// <summary>Adds to one of the counts.</summary>
    /// <param name="name">Which.</param>
    /// <param name="more">How many more.</param>
    public void Count(string name, long more = 1) => Counts[name] = Counts.GetValueOrDefault(name) + more;

    /// <summary>Counts something that was skipped.</summary>
    /// <param name="reason">The reason's code.</param>
    public void Skip(string reason) => (Skipped ??= [])[reason] = Skipped.GetValueOrDefault(reason) + 1;

    /// <summary>Notes a fault.</summary>
    /// <param name="what">What it was about; null for the job as a whole.</param>
    /// <param name="problem">What is wrong.</param>
    public void Note(string? what, Problem problem)
    {
        ErrorCount++;
        if (Errors.Count < ErrorsKept) Errors.Add($"{(what is null ? "" : $"{what}: ")}{problem.Detail} [{problem.Code}]");
    }

    /// <summary>The job as clients see it.</summary>
    /// <param name="id">Its id.</param>
    public Job ToJob(string id) => new()
    {
        Id = id, Kind = Kind, Dataset = Dataset, Status = Status, Progress = new() { Done = Done, Total = Total }, Errors = [.. Errors],
        ErrorCount = ErrorCount, CreatedAt = CreatedAt, CreatedBy = CreatedBy, EndedAt = EndedAt, Result = Status == JobStatus.Running ? null : Result(),
    };

    private JsonText Result()
    {
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            WriteCounts(writer, Counts);
            if (Skipped is not null)
            {
                writer.WriteStartObject("skipped");
                WriteCounts(writer, Skipped);
                writer.WriteEndObject();
            }
            writer.WriteEndObject();
        }
        return new(System.Text.Encoding.UTF8.GetString(json.GetBuffer().AsSpan(0, (int)json.Length)));
    }

    private static void WriteCounts(Utf8JsonWriter writer, Dictionary<string, long> counts)
    {
        foreach (var (name, count) in counts) writer.WriteNumber(name, count);
    }
}
