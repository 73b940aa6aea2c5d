using Edna.Search;

namespace Edna.Compliance.Search;

/// <summary>An index of one test's own.</summary>
public interface ISearchIndexHost : IAsyncDisposable
{
    /// <summary>The index.</summary>
    ISearchIndex Index { get; }

    /// <summary>Closes the index and opens it again, as a restart of the process does.</summary>
    Task ReopenAsync();
}
