using Edna.Changes;
using Edna.Datasets;
using Edna.Imports;
using Edna.Items;
using Edna.Keys;
using Edna.Objects;
using Edna.Search;

namespace Edna.Jobs;

/// <summary>The kinds of job there are, and what they work with.</summary>
public sealed class JobWorks(
    IGrainFactory grains, IItemTable table, IObjectStore store, ISearchIndex index, DatasetCache datasets, ChangeNotifier notifier, TimeProvider time)
{
    /// <summary>The removal of a dataset with everything in it.</summary>
    public const string Purge = "purge";

    /// <summary>The import of objects in place.</summary>
    public const string Import = "import";

    /// <summary>A new search index in the place of the one in use.</summary>
    public const string Reindex = "reindex";

    /// <summary>Whether a job may stop where it is. A purge never, and a reindex not once its index comes into use.</summary>
    /// <param name="job">The job.</param>
    public static bool CanStop(JobState job) => job.Kind switch
    {
        Purge => false,
        Reindex => job.Phase < (int)ReindexPhase.Switch,
        _ => true,
    };

    /// <summary>Whether jobs of this kind make something that must not stay when they end half-way.</summary>
    /// <param name="kind">The kind.</param>
    public static bool HasToTidy(string kind) => kind == Reindex;

    /// <summary>What a job does.</summary>
    internal IJobWork Open(string id, DatasetKey dataset, string kind) => kind switch
    {
        Purge => new PurgeWork(id, dataset, grains, table, store, index, time),
        Reindex => new ReindexWork(
            grains, table, index.Next ?? throw new InvalidOperationException("The search index in use now is made anew in its place only."), time),
        Import => new ImportWork(id, dataset, grains, table, store, datasets, notifier, time),
        _ => throw new InvalidOperationException($"Job '{id}' is of kind '{kind}', which this version does not know."),
    };
}
