using System.Diagnostics.CodeAnalysis;
using Edna.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Serialization;
using Orleans.Storage;
using Xunit;

namespace Edna.Storage.Tests.Sqlite;

public sealed class SqliteGrainStorageTests : IAsyncDisposable
{
    private static readonly GrainId s_grain = GrainId.Create("kind", "key/with/slashes");

    private readonly DataDirectory _directory = TemporaryDirectory.Make();
    private readonly ServiceProvider _services;

    public SqliteGrainStorageTests() => _services = Services("service");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private IGrainStorage Storage => _services.GetRequiredKeyedService<IGrainStorage>("Default");

    [Fact]
    public async Task A_state_is_read_as_it_was_written()
    {
        var written = new Stored { State = new() { Name = "ünï", Count = 7 } };
        await Storage.WriteStateAsync("x", s_grain, written);
        Assert.True(written.RecordExists);
        var read = new Stored();
        await Storage.ReadStateAsync("x", s_grain, read);
        Assert.Equal(("ünï", 7, written.ETag, true), (read.State.Name, read.State.Count, read.ETag, read.RecordExists));
        await Storage.ReadStateAsync("y", s_grain, read);
        Assert.Equal((null, 0, null, false), (read.State.Name, read.State.Count, read.ETag, read.RecordExists));
    }

    [Fact]
    public async Task A_write_on_another_state_than_was_read_is_refused()
    {
        var (first, second) = (new Stored(), new Stored());
        await Storage.WriteStateAsync("x", s_grain, first);
        await Assert.ThrowsAsync<InconsistentStateException>(() => Storage.WriteStateAsync("x", s_grain, second));
        await Storage.ReadStateAsync("x", s_grain, second);
        await Storage.WriteStateAsync("x", s_grain, second);
        await Assert.ThrowsAsync<InconsistentStateException>(() => Storage.WriteStateAsync("x", s_grain, first));
        await Assert.ThrowsAsync<InconsistentStateException>(() => Storage.ClearStateAsync("x", s_grain, first));
        Assert.Equal("2", second.ETag);
    }

    [Fact]
    public async Task A_cleared_state_is_gone_and_can_be_written_anew()
    {
        var state = new Stored { State = new() { Count = 3 } };
        await Storage.WriteStateAsync("x", s_grain, state);
        await Storage.ClearStateAsync("x", s_grain, state);
        Assert.Equal((false, null, 0), (state.RecordExists, state.ETag, state.State.Count));
        await Storage.WriteStateAsync("x", s_grain, state);
        Assert.True(state.RecordExists);
    }

    [Fact]
    public async Task Reminders_are_found_by_grain_by_name_and_by_range_of_the_ring()
    {
        var table = _services.GetRequiredService<IReminderTable>();
        var entry = new ReminderEntry { GrainId = s_grain, ReminderName = "r", StartAt = new(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc), Period = TimeSpan.FromMinutes(2) };
        var hash = s_grain.GetUniformHashCode();
        var etag = await table.UpsertRow(entry, Ct);
        var read = await table.ReadRow(s_grain, "r", Ct);
        Assert.Equal((entry.StartAt, entry.Period, etag, s_grain), (read!.StartAt, read.Period, read.ETag, read.GrainId));
        Assert.Single((await table.ReadRows(s_grain, Ct)).Reminders);
        Assert.Single((await table.ReadRows(hash - 1, hash, Ct)).Reminders);
        Assert.Empty((await table.ReadRows(hash, hash + 1, Ct)).Reminders);
        Assert.Single((await table.ReadRows(0, 0, Ct)).Reminders);
        Assert.Single((await table.ReadRows(hash + 1, hash, Ct)).Reminders);
        var newer = await table.UpsertRow(entry, Ct);
        Assert.False(await table.RemoveRow(s_grain, "r", etag!, Ct));
        Assert.True(await table.RemoveRow(s_grain, "r", newer!, Ct));
        Assert.Null(await table.ReadRow(s_grain, "r", Ct));
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        Directory.Delete(_directory.Path, recursive: true);
    }

    private ServiceProvider Services(string service)
    {
        var services = new ServiceCollection();
        services.AddLogging().AddSerializer().AddSingleton(_directory).AddSqliteState(new ConfigurationBuilder().Build());
        services.Configure<ClusterOptions>(options => options.ServiceId = service);
        return services.BuildServiceProvider();
    }

    private sealed class Stored : IGrainState<Notes>
    {
        [AllowNull] public Notes State { get; set; } = new();

        public string? ETag { get; set; }

        public bool RecordExists { get; set; }
    }

    internal sealed class Notes
    {
        public string? Name { get; set; }

        public int Count { get; set; }
    }
}
