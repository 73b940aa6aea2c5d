using Edna.Results;
using Orleans.Concurrency;

namespace Edna.Search;

/// <summary>
/// Searches for a tenant, whose name is the key. Apart from <see cref="IQueryGrain"/>, for of workers that are several Orleans tells one or the other that
/// a call is given up, and not the one that has it.
/// </summary>
[Alias("edna.ISearchGrain")]
public interface ISearchGrain : IGrainWithStringKey
{
    /// <summary>
    /// A search. Errors: <c>request.invalid</c>, <c>search.query_invalid</c>, <c>search.cursor_expired</c>, <c>dataset.not_found</c>, <c>search.too_slow</c>,
    /// <c>search.busy</c>. Cancelling ends the search itself, not only the waiting for it.
    /// </summary>
    [Alias("Search"), ReadOnly] Task<Result<SearchPage>> SearchAsync(SearchRequest request, CancellationToken ct);
}
