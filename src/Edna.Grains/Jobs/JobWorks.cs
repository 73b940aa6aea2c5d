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

    /// <summary>Whether a job of this kind may stop half-way.</summary>
    /// <param name="kind">The kind.</param>
    public static bool CanStop(string kind) => kind != Purge;

    /// <summary>What a job does.</summary>
    internal IJobWork Open(string id, DatasetKey dataset, string kind) => kind switch
    {
        Purge => new PurgeWork(id, dataset, grains, table, store, index, time),
        Import => new ImportWork(id, dataset, grains, table, store, datasets, notifier, time),
        _ => throw new InvalidOperationException($"Job '{id}' is of kind '{kind}', which this version does not know."),
    };
}
