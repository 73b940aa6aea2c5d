using Edna.Objects;

namespace Edna.Imports;

/// <summary>Asks a store that may say that it is being asked too much: with growing pauses, a few times.</summary>
internal static class StorePace
{
    private const int Tries = 5;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    /// <summary>The store's answer; the last fault when there is none.</summary>
    public static Task<T> AskAsync<T>(Func<Task<T>> ask, TimeProvider time, CancellationToken ct) =>
        Retries.DoAsync(() => new ValueTask<T>(ask()), FirstPause, LongestPause, (e, tries, _) => tries < Tries && e.Refusal is null, time, ct);
}
