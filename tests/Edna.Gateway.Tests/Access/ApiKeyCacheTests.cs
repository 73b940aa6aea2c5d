using Edna.Access;
using Xunit;

namespace Edna.Gateway.Tests.Access;

public sealed class ApiKeyCacheTests
{
    private static readonly KeyHash Key = KeyHash.Of("edna_aaaaaaaaaaaaaaaa_secret");
    private readonly Clock time = new();

    [Fact]
    public void A_key_is_asked_for_again_after_ten_seconds_so_that_a_revocation_counts()
    {
        var cache = new ApiKeyCache(time);
        cache.Set(Key, new(), expires: null);
        time.Now += TimeSpan.FromSeconds(9.9);
        Assert.True(cache.TryGet(Key, out var holder));
        Assert.NotNull(holder);
        time.Now += TimeSpan.FromSeconds(0.1);
        Assert.False(cache.TryGet(Key, out _));
    }

    [Fact]
    public void A_key_that_ends_meanwhile_is_nobodys()
    {
        var cache = new ApiKeyCache(time);
        cache.Set(Key, new(), time.Now.AddSeconds(1));
        time.Now += TimeSpan.FromSeconds(1);
        Assert.True(cache.TryGet(Key, out var holder));
        Assert.Null(holder);
    }

    [Fact]
    public void It_never_remembers_more_than_its_limit()
    {
        var cache = new ApiKeyCache(time);
        for (var i = 0; i <= ApiKeyCache.Limit; i++) cache.Set(KeyHash.Of($"edna_{i}"), null, null);
        Assert.False(cache.TryGet(KeyHash.Of("edna_0"), out _));
        Assert.True(cache.TryGet(KeyHash.Of($"edna_{ApiKeyCache.Limit}"), out _));
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
