using System.Net.Sockets;

namespace Edna.Client;

/// <summary>Tries a request again while that can help and time is left.</summary>
internal sealed class Retry(EdnaClientOptions options)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    /// <summary>Runs attempts until one succeeds, fails for good, or the time is up; transport faults come out as <see cref="EdnaException"/>.</summary>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> attempt, CancellationToken ct)
    {
        var started = options.Time.GetTimestamp();
        for (var pause = options.FirstPause; ; pause = Shorter(pause * 2, LongestPause))
        {
            var fault = await TryAsync(attempt, ct);
            if (fault.Error is null) return fault.Value!;
            var wait = fault.Error.RetryAfter ?? pause * (0.5 + Random.Shared.NextDouble());
            if (!fault.Error.IsTransient || options.Time.GetElapsedTime(started) + wait > options.RetryFor) throw fault.Error;
            await Task.Delay(wait, options.Time, ct);
        }
    }

    private static async Task<(T? Value, EdnaException? Error)> TryAsync<T>(Func<CancellationToken, Task<T>> attempt, CancellationToken ct)
    {
        try
        {
            return (await attempt(ct), null);
        }
        catch (EdnaException e)
        {
            return (default, e);
        }
        catch (Exception e) when (!ct.IsCancellationRequested && IsTransport(e))
        {
            return (default, new EdnaException(Unreachable(e), e));
        }
    }

    // A plain IOException may be the disk's; one around a SocketException is the network's. HttpClient lets one through bare when a server
    // dies between taking a connection and being asked for its address.
    private static bool IsTransport(Exception e) =>
        e is HttpRequestException or HttpIOException or SocketException or OperationCanceledException or IOException { InnerException: SocketException };

    private static Problem Unreachable(Exception e) => new()
    {
        Code = EdnaException.Unreachable, Title = "There is no answer.",
        Detail = e is OperationCanceledException ? "The request took too long." : e.InnerException?.Message ?? e.Message,
    };

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
