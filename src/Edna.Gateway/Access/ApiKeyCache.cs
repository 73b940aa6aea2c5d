using System.Collections.Concurrent;
using System.Security.Claims;

namespace Edna.Access;

/// <summary>
/// What the grains said of keys seen lately, so that a busy client's requests do not ask each time. A revoked key may go on
/// working for <see cref="Life"/> on a gateway that has just seen it.
/// </summary>
internal sealed class ApiKeyCache(TimeProvider time)
{
    /// <summary>How long an answer counts.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromSeconds(10);

    /// <summary>Keys remembered at most; beyond that it starts anew.</summary>
    public const int Limit = 10_000;

    private readonly ConcurrentDictionary<KeyHash, Entry> entries = new();

    /// <summary>What is remembered of a key.</summary>
    /// <param name="key">The key's hash.</param>
    /// <param name="holder">Who holds it; null for nobody.</param>
    /// <returns>False when nothing is remembered.</returns>
    public bool TryGet(KeyHash key, out ClaimsPrincipal? holder)
    {
        var now = time.GetUtcNow();
        holder = null;
        if (!entries.TryGetValue(key, out var entry) || now >= entry.Until) return false;
        holder = entry.Expires is { } expires && now >= expires ? null : entry.Holder;
        return true;
    }

    /// <summary>Remembers a key.</summary>
    /// <param name="key">The key's hash.</param>
    /// <param name="holder">Who holds it; null for nobody.</param>
    /// <param name="expires">When the key itself ends.</param>
    public void Set(KeyHash key, ClaimsPrincipal? holder, DateTimeOffset? expires)
    {
        if (entries.Count >= Limit) entries.Clear();
        entries[key] = new(holder, time.GetUtcNow() + Life, expires);
    }

    private sealed record Entry(ClaimsPrincipal? Holder, DateTimeOffset Until, DateTimeOffset? Expires);
}
