namespace Edna.Datasets;

/// <summary>Configuration <c>Edna:Datasets</c>.</summary>
public sealed class DatasetOptions
{
    /// <summary>Buckets that a dataset may be bound to by <c>storage</c>, beside the service's own, which never is one. Default: none.</summary>
    public IList<string> AllowedBuckets { get; } = [];

    /// <summary>
    /// Days that the trash keeps items of datasets that do not say it themselves (<c>trashRetentionDays</c>), 0 to
    /// <see cref="Dataset.MostTrashRetentionDays"/>. Default: 30.
    /// </summary>
    public int TrashRetentionDays { get; set; } = 30;
}
