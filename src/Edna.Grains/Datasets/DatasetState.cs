using Edna.Labels;

namespace Edna.Datasets;

/// <summary>What is stored of a dataset, and what its <c>dataset.json</c> in the bucket says. Never rename a member.</summary>
public sealed class DatasetState
{
    /// <summary>Free text.</summary>
    public string? Description { get; set; }

    /// <summary>What annotations may be made of.</summary>
    public LabelSchema? LabelSchema { get; set; }

    /// <summary>The names that a split may have.</summary>
    public IReadOnlyList<string>? Splits { get; set; }

    /// <summary>A bucket and prefix of its own.</summary>
    public DatasetStorage? Storage { get; set; }

    /// <summary>Days that the trash keeps items; null for the service's default.</summary>
    public int? TrashRetentionDays { get; set; }

    /// <summary>When it was made, UTC.</summary>
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Who made it.</summary>
    public string CreatedBy { get; set; } = "";

    /// <summary>The idempotency key that made it.</summary>
    public string? CreationKey { get; set; }

    /// <summary>Counts the writes, from 1.</summary>
    public long Revision { get; set; }

    /// <summary>The job that removes it; null while none does.</summary>
    public string? PurgeJob { get; set; }

    /// <summary>The dataset as clients see it.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="options">What holds where it says nothing itself.</param>
    public Dataset ToDataset(string name, DatasetOptions options) => new()
    {
        Name = name, Description = Description, LabelSchema = LabelSchema, Splits = Splits, Storage = Storage,
        CreatedAt = CreatedAt, CreatedBy = CreatedBy, Revision = Revision, TrashRetentionDays = TrashRetentionDays ?? options.TrashRetentionDays,
    };

    /// <summary>A copy to change.</summary>
    public DatasetState Clone() => (DatasetState)MemberwiseClone();
}
