using System.Globalization;
using Edna.Client;
using Edna.Harness;
using Xunit;

namespace Edna.Faults;

/// <summary>
/// What happens to one item, written so that doing all of it again after a crash is right: that is how clients recover.
/// </summary>
/// <param name="Name">What it is.</param>
/// <param name="PrepareAsync">Brings the item to where it starts.</param>
/// <param name="RunAsync">The history itself.</param>
/// <param name="CheckAsync">Whether it came to its end.</param>
internal sealed record History<T>(string Name, Func<T, string, Task> PrepareAsync, Func<T, string, Task> RunAsync, Func<T, string, Task> CheckAsync);

/// <summary>
/// Kills EDNA by SIGKILL between the steps that it takes in store and table during a history: the steps are recorded once, and then one after
/// the other is the one before which the process dies. The history is then gone through once more. A step that only reads changes nothing that
/// is there after the kill, so dying before it or before the next one comes to the same: the process dies before each step that changes
/// something, and before the last. Of these every run takes a quarter, by lot; with <c>./test.sh --soak</c> the process dies before every step.
/// </summary>
/// <param name="edna">A fault host.</param>
/// <param name="at">The file that has it count, see Steps.</param>
/// <param name="with">What the histories are done with, for a client.</param>
/// <param name="ct">Cancels.</param>
internal sealed class KillRun<T>(EdnaProcess edna, string at, Func<EdnaClient, T> with, CancellationToken ct)
{
    private static readonly string[] Reading = ["Head", "List", "OpenRead", "Read"];

    /// <summary>Goes through histories and kills; of the kills that were meant, at least three in four come to pass.</summary>
    /// <remarks>Not all: what EDNA does beside a history may be counted with it, and come in another order the next time.</remarks>
    public async Task RunAsync(IEnumerable<History<T>> histories)
    {
        var (meant, killed) = (0, 0);
        foreach (var history in histories)
        {
            var steps = await RecordAsync(history);
            var deadly = Draw([.. Enumerable.Range(1, steps.Count).Where(step => Soak.IsOn || step == steps.Count || Changes(steps[step - 1]))]);
            TestContext.Current.TestOutputHelper?.WriteLine($"{history.Name}: {string.Join(", ", steps.Select((s, i) => deadly.Contains(i + 1) ? $"† {s}" : s))}");
            meant += deadly.Length;
            foreach (var step in deadly)
                if (await KillBeforeAsync(history, step, steps)) killed++;
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{killed} of {meant} kills came to pass.");
        Assert.True(killed * 4 >= meant * 3, $"Only {killed} of {meant} kills came to pass.");
    }

    private static int[] Draw(int[] steps)
    {
        if (Soak.IsOn) return steps;
        Random.Shared.Shuffle(steps);
        return [.. steps.Take((steps.Length + 3) / 4).Order()];
    }

    private static bool Changes(string step) => !Reading.Any(word => step.Split('.')[^1].StartsWith(word, StringComparison.Ordinal));

    private async Task<IReadOnlyList<string>> RecordAsync(History<T> history)
    {
        using var client = edna.NewClient();
        var histories = with(client);
        var path = $"{history.Name}/recorded";
        await history.PrepareAsync(histories, path);
        await CountAsync(0);
        await history.RunAsync(histories, path);
        var steps = await StopCountingAsync();
        // Doing all of it again changes nothing; and where nobody was told of the end, this waits for it: the last step may be under way.
        await history.RunAsync(histories, path);
        await history.CheckAsync(histories, path);
        Assert.NotEmpty(steps);
        return steps;
    }

    private async Task<bool> KillBeforeAsync(History<T> history, int step, IReadOnlyList<string> steps)
    {
        using var client = edna.NewClient();
        using var once = edna.NewClient(new EdnaClientOptions { RetryFor = TimeSpan.Zero });
        var path = $"{history.Name}/{step.ToString("d2", CultureInfo.InvariantCulture)} {steps[step - 1].Split('.')[^1]}";
        var histories = with(client);
        await history.PrepareAsync(histories, path);
        await CountAsync(step);
        var killed = false;
        try
        {
            await history.RunAsync(with(once), path);
        }
        catch (Exception e) when (e is EdnaException { IsTransient: true } or HttpRequestException { StatusCode: null })
        {
            killed = true;
        }
        await StopCountingAsync();
        if (killed)
        {
            await edna.WaitForExitAsync(ct).WaitAsync(TimeSpan.FromSeconds(30), ct);
            await edna.StartAgainAsync(ct);
        }
        await history.RunAsync(histories, path);
        await history.CheckAsync(histories, path);
        return killed;
    }

    /// <summary>In one step, so that the process never reads half a number.</summary>
    private async Task CountAsync(int step)
    {
        await File.WriteAllTextAsync(at + ".new", step.ToString(CultureInfo.InvariantCulture), ct);
        File.Move(at + ".new", at, overwrite: true);
    }

    private async Task<IReadOnlyList<string>> StopCountingAsync()
    {
        File.Delete(at);
        var steps = File.Exists(at + ".steps") ? await File.ReadAllLinesAsync(at + ".steps", ct) : [];
        File.Delete(at + ".steps");
        return steps;
    }
}
