using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Edna.Client;
using Edna.Harness;

namespace Edna.Cluster;

/// <summary>
/// What stands before the gateways of a cluster: asks those in turn that say they are ready, and the next one where nobody listens. It
/// repeats nothing else, and notes what became of each request.
/// </summary>
internal sealed class Balancer : IAsyncDisposable
{
    /// <summary>The longest that whoever asks waits for an answer.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    private readonly Target[] _targets;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _looking;
    private Tally _tally = new();
    private int _turn;

    public Balancer(IEnumerable<EdnaProcess> gateways)
    {
        var options = new EdnaClientOptions { RetryFor = TimeSpan.Zero, RequestTimeout = Patience };
        _targets = [.. gateways.Select(gateway => new Target(gateway.NewClient(options), new HttpClient { BaseAddress = gateway.Address, Timeout = Look * 4 }))];
        _looking = LookAsync();
    }

    /// <summary>What became of the requests that ended since this was put here.</summary>
    public Tally Tally { get => Volatile.Read(ref _tally); set => Volatile.Write(ref _tally, value); }

    /// <summary>Makes a request; the answer, or null when there was none that says what became of it.</summary>
    public async Task<T?> AskAsync<T>(Func<EdnaClient, Task<T>> ask) where T : class
    {
        var began = Stopwatch.StartNew();
        for (var attempt = 0; ; attempt++)
        {
            var target = Next();
            try
            {
                var answer = await ask(target.Client);
                Tally.Answered(began.Elapsed);
                return answer;
            }
            catch (EdnaException e) when (e.InnerException is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } && attempt <= _targets.Length)
            {
                target.IsIn = false;
            }
            catch (EdnaException e) when (e.IsTransient)
            {
                Tally.Failed($"{e.Status} {e.Code} after {began.Elapsed.TotalSeconds:N1} s: {e.Detail ?? e.InnerException?.Message}");
                return null;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _looking;
        foreach (var target in _targets)
        {
            target.Client.Dispose();
            target.Health.Dispose();
        }
        _stop.Dispose();
    }

    private Target Next()
    {
        var isIn = Array.FindAll(_targets, target => target.IsIn);
        var from = isIn.Length > 0 ? isIn : _targets;
        return from[(uint)Interlocked.Increment(ref _turn) % from.Length];
    }

    private async Task LookAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            await Task.WhenAll(_targets.Select(async target => target.IsIn = await IsReadyAsync(target.Health)));
            await Task.Delay(Look, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task<bool> IsReadyAsync(HttpClient health)
    {
        try
        {
            // As a balancer's health check: that a gateway runs and takes requests. What lies behind all of them puts none of them out.
            using var answer = await health.GetAsync("health/ready");
            return answer.StatusCode == HttpStatusCode.OK || !(await answer.Content.ReadAsStringAsync()).Contains("being stopped", StringComparison.Ordinal);
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (TaskCanceledException)
        {
            return true;
        }
    }

    private sealed class Target(EdnaClient client, HttpClient health)
    {
        private bool isIn = true;

        public EdnaClient Client => client;

        public HttpClient Health => health;

        public bool IsIn { get => Volatile.Read(ref isIn); set => Volatile.Write(ref isIn, value); }
    }
}

/// <summary>What became of requests.</summary>
internal sealed class Tally
{
    private readonly ConcurrentQueue<string> _failures = new();
    private int _answered;
    private long _longest;

    /// <summary>Requests that were answered, other than that something is not available.</summary>
    public int Good => Volatile.Read(ref _answered);

    /// <summary>What became of the others.</summary>
    public IReadOnlyCollection<string> Failures => _failures;

    /// <summary>The share that was answered.</summary>
    public double Share => (double)Good / Math.Max(1, Good + _failures.Count);

    public void Answered(TimeSpan after)
    {
        Interlocked.Increment(ref _answered);
        InterlockedMax(ref _longest, after.Ticks);
    }

    public void Failed(string how) => _failures.Enqueue(how);

    public override string ToString() =>
        $"{Good} answered, {_failures.Count} not ({Share:P2}), the longest after {new TimeSpan(Volatile.Read(ref _longest)).TotalSeconds:N1} s"
        + string.Concat(_failures.GroupBy(f => f).OrderByDescending(g => g.Count()).Take(12).Select(g => $"\n    {g.Count()}× {g.Key}"));

    private static void InterlockedMax(ref long location, long value)
    {
        for (var seen = Volatile.Read(ref location); value > seen;)
        {
            var before = Interlocked.CompareExchange(ref location, value, seen);
            if (before == seen) return;
            seen = before;
        }
    }
}
