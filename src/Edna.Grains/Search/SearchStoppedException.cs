using Edna.Results;

namespace Edna.Search;

/// <summary>The index does not go on with a search, for a reason that its caller is to be told. It never leaves the grain: callers of that get the problem.</summary>
/// <param name="problem">The reason.</param>
public sealed class SearchStoppedException(Problem problem) : Exception(problem.Detail)
{
    /// <summary>What callers are told.</summary>
    public Problem Problem { get; } = problem;
}
