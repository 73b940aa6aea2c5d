using System.Runtime.CompilerServices;
using Xunit;

namespace Edna.Silo.Tests.Cluster;

/// <summary>Waits for what happens by itself, such as a timer's tick or the end of a job.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Asks until the answer is yes; fails the test, with what was asked, when it never is.</summary>
    public static Task IsTrueAsync(Func<Task<bool>> ask, [CallerArgumentExpression(nameof(ask))] string? asked = null) => IsAsync(ask, yes => yes, asked);

    /// <inheritdoc cref="IsTrueAsync(Func{Task{bool}}, string?)"/>
    public static Task IsTrueAsync(Func<bool> ask, [CallerArgumentExpression(nameof(ask))] string? asked = null) => IsAsync(() => Task.FromResult(ask()), yes => yes, asked);

    /// <summary>Asks until the answer is what is wanted, and gives it; fails the test, with what was wanted, when it never is.</summary>
    public static async Task<T> IsAsync<T>(Func<Task<T>> ask, Func<T, bool> wanted, [CallerArgumentExpression(nameof(wanted))] string? what = null)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var answer = await ask();
            if (wanted(answer)) return answer;
            Assert.False(patience.IsCancellationRequested, $"Never came true: {what}; the last answer was {answer}");
            await Task.Delay(Pause, TestContext.Current.CancellationToken);
        }
    }
}
