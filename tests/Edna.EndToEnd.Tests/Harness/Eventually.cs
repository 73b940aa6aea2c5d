namespace Edna.Harness;

/// <summary>Waits for what happens by itself, such as the search index catching up.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Asks until the answer is good, and answers it; what it was last when it never is.</summary>
    public static async Task<T> GetAsync<T>(Func<Task<T>> ask, Func<T, bool> isGood, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        while (true)
        {
            var answer = await ask();
            if (isGood(answer) || patience.IsCancellationRequested) return answer;
            await Task.Delay(Pause, ct);
        }
    }
}
