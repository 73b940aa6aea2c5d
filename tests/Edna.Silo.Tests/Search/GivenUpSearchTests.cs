using Edna.Search;
using Edna.Silo.Tests.Cluster;
using Xunit;

namespace Edna.Silo.Tests.Search;

/// <summary>A caller that goes takes its search with it, down to the index.</summary>
public sealed class GivenUpSearchTests(EdnaCluster edna) : IClassFixture<EdnaCluster>
{
    [Fact]
    public async Task A_search_given_up_is_given_up_by_the_index()
    {
        var (began, ended) = (new TaskCompletionSource(), new TaskCompletionSource());
        using var over = new CancellationTokenSource();
        edna.IndexOutage.Searching = async (search, ct) =>
        {
            if (search.Tenant != "leaver") return;
            using var told = ct.Register(() => ended.SetResult());
            began.SetResult();
            using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, over.Token);
            await Task.Delay(Timeout.Infinite, either.Token);
        };
        using var leaving = new CancellationTokenSource();
        var search = edna.Grains.GetGrain<ISearchGrain>("leaver").SearchAsync(new(), leaving.Token);
        await began.Task.WaitAsync(TestContext.Current.CancellationToken);
        await leaving.CancelAsync();
        try
        {
            await ended.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        }
        finally
        {
            await over.CancelAsync();
        }
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => search);
    }
}
