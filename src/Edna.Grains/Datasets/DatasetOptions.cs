namespace Edna.Datasets;

/// <summary>Configuration <c>Edna:Datasets</c>.</summary>
public sealed class DatasetOptions
{
    /// <summary>Buckets that a dataset may be bound to by <c>storage</c>, beside the service's own, which never is one. Default: none.</summary>
    public IList<string> AllowedBuckets { get; } = [];
}
