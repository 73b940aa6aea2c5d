using Edna.Keys;

namespace Edna.Search;

/// <summary>
/// Indexes beside the one in use, each named by its generation: made empty, filled, and put in the place of the one in use while that
/// goes on answering. Every call can be made again after a crash. Throws <see cref="Results.UnavailableException"/> when it does not answer.
/// </summary>
public interface INextIndex
{
    /// <summary>The index in use; it is not made when there is none: then this throws.</summary>
    Task<ServingIndex> GetServingAsync(CancellationToken ct);

    /// <summary>Makes an index with the mapping of today; one that is there already stays.</summary>
    /// <param name="generation">A name never used before, letters and digits.</param>
    /// <param name="ct">Ends the waiting.</param>
    Task CreateAsync(string generation, CancellationToken ct);

    /// <summary>As <see cref="ISearchIndex.PushAsync"/>.</summary>
    /// <param name="generation">Into which index.</param>
    /// <param name="documents">The documents.</param>
    /// <param name="isSeen">Whether it takes until searches would see them, where the index in use does.</param>
    /// <param name="ct">Ends the waiting.</param>
    Task<IReadOnlyList<RefusedPush>> PushAsync(string generation, IReadOnlyList<SearchDocument> documents, bool isSeen, CancellationToken ct);

    /// <summary>Documents of a dataset, after everything that was pushed before.</summary>
    ValueTask<long> CountAsync(string generation, DatasetKey dataset, CancellationToken ct);

    /// <summary>What the index has of items.</summary>
    /// <param name="generation">Which index.</param>
    /// <param name="documents">At most 1,000 documents, as they should be there.</param>
    /// <param name="ct">Ends the waiting.</param>
    /// <returns>For each, in order: the revision that is there, null for none, and whether the document is this one.</returns>
    ValueTask<IReadOnlyList<(long? Revision, bool IsSame)>> CompareAsync(string generation, IReadOnlyList<SearchDocument> documents, CancellationToken ct);

    /// <summary>Puts an index in the place of the one in use, at once for everybody, with everything in it to be seen.</summary>
    /// <param name="before">The one in use; another one there throws, and nothing changes.</param>
    /// <param name="generation">The one to take its place; if it has already, nothing changes.</param>
    /// <param name="ct">Ends the waiting.</param>
    Task SwitchAsync(ServingIndex before, string generation, CancellationToken ct);

    /// <summary>Ends pushes to an index that has taken the place of another, and removes the other.</summary>
    Task RetireAsync(ServingIndex before, string generation, CancellationToken ct);

    /// <summary>Removes an index that is not in use.</summary>
    Task DropAsync(string generation, CancellationToken ct);
}

/// <summary>The index in use.</summary>
/// <param name="Name">Its name on the server.</param>
/// <param name="Generation">Its generation.</param>
public sealed record ServingIndex(string Name, string Generation);
