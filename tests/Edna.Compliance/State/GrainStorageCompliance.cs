using System.Diagnostics.CodeAnalysis;
using CsCheck;
using Orleans.Storage;
using Xunit;

namespace Edna.Compliance.State;

/// <summary>What Orleans wants of grain storage.</summary>
public abstract class GrainStorageCompliance
{
    private static readonly GrainId s_grain = GrainId.Create("kind", "key/with/slashes");

    /// <summary>The storage of a service; the same one, however often it is asked for.</summary>
    protected abstract IGrainStorage Storage(string service = "service");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_state_is_read_as_it_was_written()
    {
        var written = new Stored { State = new() { Name = "ünï", Count = 7 } };
        await Storage().WriteStateAsync("x", s_grain, written, Ct);
        Assert.True(written.RecordExists);
        var read = await ReadAsync("x");
        Assert.Equal(("ünï", 7, written.ETag, true), (read.State.Name, read.State.Count, read.ETag, read.RecordExists));
        var other = await ReadAsync("y");
        Assert.Equal((null, 0, null, false), (other.State.Name, other.State.Count, other.ETag, other.RecordExists));
    }

    [Fact]
    public async Task A_write_on_another_state_than_was_read_is_refused_and_says_both_etags()
    {
        var (first, second) = (new Stored(), new Stored());
        await Storage().WriteStateAsync("x", s_grain, first, Ct);
        var unread = await Assert.ThrowsAsync<InconsistentStateException>(() => Storage().WriteStateAsync("x", s_grain, second, Ct));
        Assert.Equal((first.ETag, ""), (unread.StoredEtag, unread.CurrentEtag));
        await Storage().ReadStateAsync("x", s_grain, second, Ct);
        second.State.Count = 5;
        await Storage().WriteStateAsync("x", s_grain, second, Ct);
        Assert.NotEqual(first.ETag, second.ETag);
        var stale = await Assert.ThrowsAsync<InconsistentStateException>(() => Storage().WriteStateAsync("x", s_grain, first, Ct));
        Assert.Equal((second.ETag, first.ETag), (stale.StoredEtag, stale.CurrentEtag));
        await Assert.ThrowsAsync<InconsistentStateException>(() => Storage().ClearStateAsync("x", s_grain, first, Ct));
        await Assert.ThrowsAsync<InconsistentStateException>(() => Storage().ClearStateAsync("x", s_grain, new Stored(), Ct));
        Assert.Equal(5, (await ReadAsync("x")).State.Count);
    }

    [Fact]
    public async Task A_cleared_state_is_gone_and_can_be_written_anew()
    {
        var state = new Stored { State = new() { Count = 3 } };
        await Storage().WriteStateAsync("x", s_grain, state, Ct);
        var before = state.ETag;
        await Storage().ClearStateAsync("x", s_grain, state, Ct);
        Assert.Equal((false, null, 0), (state.RecordExists, state.ETag, state.State.Count));
        Assert.Equal((false, null), ((await ReadAsync("x")).RecordExists, (await ReadAsync("x")).ETag));
        await Assert.ThrowsAsync<InconsistentStateException>(() => Storage().WriteStateAsync("x", s_grain, new Stored { ETag = before, RecordExists = true }, Ct));
        await Storage().ClearStateAsync("x", s_grain, state, Ct);
        await Storage().WriteStateAsync("x", s_grain, state, Ct);
        Assert.True(state.RecordExists);
    }

    [Fact]
    public async Task Services_grains_and_states_have_rows_of_their_own()
    {
        await Gen.Select(AnyOf("a", "b", "a-b", "a.b"), AnyOf("k", "a", "k_k", "_k"), Gen.String[AnyOf('k', '_', '/', '-', 'ü', ' ', '|', '"'), 1, 6],
            AnyOf("s", "s_s", "_"), (service, type, key, name) => (service, type, key, name)).Array[2, 6].SampleAsync(async rows =>
        {
            var (run, distinct) = ($"{Guid.NewGuid():n}/", rows.Distinct().ToList());
            for (var i = 0; i < distinct.Count; i++)
                await Storage(distinct[i].service).WriteStateAsync(distinct[i].name, Id(distinct[i], run), new Stored { State = new() { Count = i + 1 } }, Ct);
            for (var i = 0; i < distinct.Count; i++)
            {
                var read = new Stored();
                await Storage(distinct[i].service).ReadStateAsync(distinct[i].name, Id(distinct[i], run), read, Ct);
                Assert.Equal(i + 1, read.State.Count);
            }
        }, iter: 100, threads: 1);
        static GrainId Id((string Service, string Type, string Key, string Name) row, string run) => GrainId.Create(row.Type, run + row.Key);
    }

    [Fact]
    public async Task Of_two_writers_on_one_etag_one_wins()
    {
        var at = new Stored();
        for (var round = 1; round <= 20; round++)
        {
            var tries = await Task.WhenAll(Enumerable.Range(0, 3).Select(writer => TryWriteAsync(new() { ETag = at.ETag, State = new() { Name = $"{writer}", Count = round } })));
            var winner = Assert.Single(tries, state => state is not null);
            at = await ReadAsync("x");
            Assert.Equal((winner!.ETag, winner.State.Name, round), (at.ETag, at.State.Name, at.State.Count));
        }
    }

    [Fact]
    public async Task A_call_that_is_cancelled_ends_so()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Storage().ReadStateAsync("x", s_grain, new Stored(), cancelled.Token));
    }

    private async Task<Stored?> TryWriteAsync(Stored state)
    {
        try
        {
            await Storage().WriteStateAsync("x", s_grain, state, Ct);
            return state;
        }
        catch (InconsistentStateException)
        {
            return null;
        }
    }

    private async Task<Stored> ReadAsync(string name)
    {
        var read = new Stored();
        await Storage().ReadStateAsync(name, s_grain, read, Ct);
        return read;
    }

    private static Gen<T> AnyOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    /// <summary>A grain's state.</summary>
    protected sealed class Stored : IGrainState<Notes>
    {
        [AllowNull] public Notes State { get; set; } = new();

        public string? ETag { get; set; }

        public bool RecordExists { get; set; }
    }

    /// <summary>What is stored.</summary>
    public sealed class Notes
    {
        public string? Name { get; set; }

        public int Count { get; set; }
    }
}
