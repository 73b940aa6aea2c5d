namespace Edna.Search.Sqlite;

/// <summary>Gives searches their turns: each has a deadline, and only so many run at a time, of one tenant still fewer.</summary>
/// <param name="together">Searches that run at a time.</param>
/// <param name="share">Searches of a tenant that run at a time.</param>
/// <param name="deadline">How long a search may take, waiting included.</param>
/// <param name="time">Measures it.</param>
/// <param name="began">Is told the tenant of each search that begins to read.</param>
internal sealed class SearchTurns(int together, int share, TimeSpan deadline, TimeProvider time, Action<string>? began)
{
    private readonly Dictionary<string, Share> _shares = new(StringComparer.Ordinal);
    private readonly Share _all = new(together);

    /// <summary>Tenants that search now, or wait.</summary>
    public int Tenants
    {
        get
        {
            lock (_shares) return _shares.Count;
        }
    }

    /// <summary>Runs a search when it is its turn.</summary>
    /// <param name="tenant">Whose search it is.</param>
    /// <param name="search">Runs it: calls what it is given as soon as it reads, and ends when the token is cancelled.</param>
    /// <param name="ct">The caller's.</param>
    /// <exception cref="SearchStoppedException">The deadline has passed.</exception>
    /// <exception cref="OperationCanceledException">The caller has gone.</exception>
    public async Task<T> RunAsync<T>(string tenant, Func<Action, CancellationToken, ValueTask<T>> search, CancellationToken ct)
    {
        using var late = new CancellationTokenSource(deadline, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct, late.Token);
        var reads = false;
        var mine = Take(tenant);
        try
        {
            await mine.Free.WaitAsync(stop.Token);
            try
            {
                await _all.Free.WaitAsync(stop.Token);
                try
                {
                    return await search(() =>
                    {
                        reads = true;
                        began?.Invoke(tenant);
                    }, stop.Token);
                }
                finally
                {
                    _all.Free.Release();
                }
            }
            finally
            {
                mine.Free.Release();
            }
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            throw new SearchStoppedException(reads ? SearchErrors.TooSlow(deadline.TotalSeconds) : SearchErrors.Busy(deadline.TotalSeconds));
        }
        finally
        {
            Leave(tenant, mine);
        }
    }

    private Share Take(string tenant)
    {
        lock (_shares)
        {
            if (!_shares.TryGetValue(tenant, out var mine)) _shares[tenant] = mine = new(share);
            mine.Users++;
            return mine;
        }
    }

    private void Leave(string tenant, Share mine)
    {
        lock (_shares)
        {
            if (--mine.Users > 0) return;
            _shares.Remove(tenant);
            mine.Free.Dispose();
        }
    }

    /// <summary>What a tenant may have while it searches, or all together.</summary>
    private sealed class Share(int searches)
    {
        public SemaphoreSlim Free { get; } = new(searches, searches);

        /// <summary>Searches that run or wait; under the lock.</summary>
        public int Users { get; set; }
    }
}
