using System.Runtime.CompilerServices;
using Xunit;

namespace Edna.Silo.Tests.Cluster;

/// <summary>Waits for what happens by itself, such as a timer's tick.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Asks until the answer is yes; fails the test, with what was asked, when it never is.</summary>
    public static async Task IsTrueAsync(Func<Task<bool>> ask, [CallerArgumentExpression(nameof(ask))] string? asked = null)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await ask())
        {
            Assert.False(patience.IsCancellationRequested, $"Never came true: {asked}");
            await Task.Delay(Pause, TestContext.Current.CancellationToken);
        }
    }
}
