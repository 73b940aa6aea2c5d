using Edna.Results;

namespace Edna.Imports;

/// <summary>Asks a store that may say that it is being asked too much: with growing pauses, a few times.</summary>
internal static class StorePace
{
    private const int Tries = 5;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);

    /// <summary>The store's answer; the last fault when there is none.</summary>
    public static async Task<T> AskAsync<T>(Func<Task<T>> ask, TimeProvider time, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await ask();
            }
            catch (UnavailableException e) when (attempt < Tries && e.Refusal is null)
            {
                await Task.Delay(FirstPause * Math.Pow(2, attempt - 1), time, ct);
            }
        }
    }
}
