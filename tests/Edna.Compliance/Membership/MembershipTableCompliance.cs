using System.Net;
using Xunit;

namespace Edna.Compliance.Membership;

/// <summary>What Orleans wants of a membership table.</summary>
public abstract class MembershipTableCompliance : IAsyncLifetime
{
    private static readonly DateTime s_now = new(2026, 3, 1, 12, 30, 15, 123, DateTimeKind.Utc);
    private int _next;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>A table of the cluster, ready to be used.</summary>
    protected abstract Task<IMembershipTable> OpenAsync(string cluster);

    private IMembershipTable Table { get; set; } = null!;

    public async ValueTask InitializeAsync() => Table = await JoinAsync("one");

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return default;
    }

    [Fact]
    public async Task A_new_table_is_empty_and_has_a_version()
    {
        var data = await Table.ReadAllAsync(Ct);
        Assert.Empty(data.Members);
        Assert.Equal(0, data.Version.Version);
        Assert.NotEmpty(data.Version.VersionEtag);
        await Table.InitializeMembershipTableAsync(true, Ct);
        Assert.Equal(data.Version, (await Table.ReadAllAsync(Ct)).Version);
    }

    [Theory]
    [InlineData("10.0.2.106")]
    [InlineData("fd00::7:1")]
    public async Task A_silo_is_read_as_it_was_written(string address)
    {
        var entry = Entry(SiloStatus.Active, address);
        entry.AddSuspector(Entry().SiloAddress, s_now.AddSeconds(-3));
        entry.AddSuspector(Entry(address: "fd00::2").SiloAddress, s_now.AddSeconds(-1));
        Assert.True(await InsertAsync(entry));

        var read = Assert.Single((await Table.ReadAllAsync(Ct)).Members).Item1;
        Assert.Equal(Facts(entry), Facts(read));
        Assert.Equal(entry.SuspectTimes, read.SuspectTimes);
        Assert.Equal((s_now, DateTimeKind.Utc), (read.IAmAliveTime, read.IAmAliveTime.Kind));
    }

    [Fact]
    public async Task Every_change_makes_the_next_version()
    {
        var entry = Entry();
        Assert.True(await InsertAsync(entry));
        var inserted = await Table.ReadAllAsync(Ct);
        Assert.Equal(1, inserted.Version.Version);
        entry.Status = SiloStatus.Dead;
        Assert.True(await UpdateAsync(entry));
        var updated = await Table.ReadAllAsync(Ct);
        Assert.Equal((2, SiloStatus.Dead), (updated.Version.Version, Assert.Single(updated.Members).Item1.Status));
        Assert.NotEqual(inserted.Version.VersionEtag, updated.Version.VersionEtag);
    }

    [Fact]
    public async Task One_silo_is_read_with_the_version_that_goes_with_it()
    {
        var (first, second) = (Entry(), Entry());
        await InsertAsync(first);
        await InsertAsync(second);
        var read = await Table.ReadRowAsync(first.SiloAddress, Ct);
        Assert.Equal((2, first.SiloAddress), (read.Version.Version, Assert.Single(read.Members).Item1.SiloAddress));
        Assert.Equal((await Table.ReadAllAsync(Ct)).Version, read.Version);
        var unknown = await Table.ReadRowAsync(Entry().SiloAddress, Ct);
        Assert.Empty(unknown.Members);
        Assert.Equal(2, unknown.Version.Version);
    }

    [Fact]
    public async Task A_silo_is_inserted_once_and_on_the_version_that_was_read_only()
    {
        var (entry, read) = (Entry(), await Table.ReadAllAsync(Ct));
        Assert.True(await Table.InsertRowAsync(entry, read.Version.Next(), Ct));
        Assert.False(await Table.InsertRowAsync(Entry(), read.Version.Next(), Ct));
        Assert.False(await InsertAsync(entry));
        var after = await Table.ReadAllAsync(Ct);
        Assert.Equal((1, 1), (after.Version.Version, after.Members.Count));
    }

    [Fact]
    public async Task A_silo_is_updated_on_the_row_and_the_version_that_were_read_only()
    {
        var entry = Entry();
        await InsertAsync(entry);
        var read = await Table.ReadAllAsync(Ct);
        var etag = read.Members[0].Item2;
        Assert.False(await Table.UpdateRowAsync(Entry(), etag, read.Version.Next(), Ct));
        entry.Status = SiloStatus.ShuttingDown;
        Assert.True(await Table.UpdateRowAsync(entry, etag, read.Version.Next(), Ct));
        entry.Status = SiloStatus.Active;
        Assert.False(await Table.UpdateRowAsync(entry, etag, read.Version.Next(), Ct));
        var after = await Table.ReadAllAsync(Ct);
        Assert.False(await Table.UpdateRowAsync(entry, after.Members[0].Item2, read.Version.Next(), Ct));
        Assert.Equal((2, SiloStatus.ShuttingDown), (after.Version.Version, after.Members[0].Item1.Status));
    }

    [Fact]
    public async Task A_heartbeat_changes_its_time_alone_and_what_was_read_before_it_can_still_be_updated()
    {
        var entry = Entry();
        await InsertAsync(entry);
        var before = await Table.ReadAllAsync(Ct);
        await Table.UpdateIAmAliveAsync(new() { SiloAddress = entry.SiloAddress, IAmAliveTime = s_now.AddSeconds(9) }, Ct);
        var after = await Table.ReadAllAsync(Ct);
        Assert.Equal(before.Version, after.Version);
        Assert.Equal(s_now.AddSeconds(9), after.Members[0].Item1.IAmAliveTime);
        entry.IAmAliveTime = s_now.AddSeconds(9);
        Assert.Equal(Facts(entry), Facts(after.Members[0].Item1));
        Assert.True(await Table.UpdateRowAsync(entry, before.Members[0].Item2, before.Version.Next(), Ct));
    }

    [Fact]
    public async Task A_heartbeat_of_a_silo_that_is_not_there_makes_no_row()
    {
        await Assert.ThrowsAnyAsync<Exception>(() => Table.UpdateIAmAliveAsync(Entry(), Ct));
        Assert.Empty((await Table.ReadAllAsync(Ct)).Members);
    }

    [Fact]
    public async Task Only_the_dead_of_whom_nothing_was_heard_since_are_cleaned_away()
    {
        var (old, gone, voted, alive) = (s_now.AddDays(-10), Entry(SiloStatus.Dead), Entry(SiloStatus.Dead), Entry());
        foreach (var entry in new[] { gone, voted, alive }) (entry.StartTime, entry.IAmAliveTime) = (old, old);
        voted.AddSuspector(alive.SiloAddress, s_now);
        MembershipEntry[] staying = [voted, alive, Entry(SiloStatus.Dead)];
        foreach (var entry in staying.Append(gone)) await InsertAsync(entry);
        var before = await Table.ReadAllAsync(Ct);
        await Table.CleanupDefunctSiloEntriesAsync(s_now.AddDays(-1), Ct);
        var after = await Table.ReadAllAsync(Ct);
        Assert.Equal(staying.Select(entry => entry.SiloAddress).Order(), after.Members.Select(member => member.Item1.SiloAddress).Order());
        Assert.Equal(before.Version, after.Version);
    }

    [Fact]
    public async Task Clusters_know_nothing_of_each_other()
    {
        await InsertAsync(Entry());
        var other = await JoinAsync("other");
        Assert.Empty((await other.ReadAllAsync(Ct)).Members);
        await other.DeleteMembershipTableEntriesAsync("other", Ct);
        Assert.Single((await Table.ReadAllAsync(Ct)).Members);
        await Table.DeleteMembershipTableEntriesAsync("one", Ct);
        await Table.InitializeMembershipTableAsync(true, Ct);
        Assert.Empty((await Table.ReadAllAsync(Ct)).Members);
    }

    [Fact]
    public async Task Of_silos_that_change_the_table_at_once_one_wins()
    {
        for (var round = 0; round < 10; round++)
        {
            var next = (await Table.ReadAllAsync(Ct)).Version.Next();
            var won = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Table.InsertRowAsync(Entry(), next, Ct)));
            Assert.Single(won, true);
        }
        var (read, data) = (await Table.ReadAllAsync(Ct), await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Table.ReadAllAsync(Ct))));
        Assert.Equal((10, 10), (read.Version.Version, read.Members.Count));
        Assert.All(data, same => Assert.Equal(read.Version, same.Version));
    }

    [Fact]
    public async Task Many_silos_come_in_at_once_and_whoever_reads_meanwhile_reads_no_silo_ahead_of_the_version()
    {
        const int Silos = 30;
        var writers = Enumerable.Range(0, Silos).Select(async _ =>
        {
            var entry = Entry();
            while (!await InsertAsync(entry)) await Task.Yield();
        }).ToList();
        var written = Task.WhenAll(writers);
        while (!written.IsCompleted)
        {
            // Each version has brought one silo.
            var read = await Table.ReadAllAsync(Ct);
            Assert.Equal(read.Version.Version, read.Members.Count);
        }
        await written;
        Assert.Equal(Silos, (await Table.ReadAllAsync(Ct)).Members.Count);
    }

    /// <summary>A silo that no other is.</summary>
    protected MembershipEntry Entry(SiloStatus status = SiloStatus.Active, string address = "10.0.0.1")
    {
        var n = Interlocked.Increment(ref _next);
        return new()
        {
            SiloAddress = SiloAddress.New(IPAddress.Parse(address), 11_000 + n, 70 + n), Status = status, ProxyPort = 30_000, HostName = "höst", SiloName = $"silo {n}",
            StartTime = s_now.AddMinutes(-5), IAmAliveTime = s_now,
        };
    }

    private async Task<IMembershipTable> JoinAsync(string cluster)
    {
        var table = await OpenAsync(cluster);
        await table.InitializeMembershipTableAsync(true, Ct);
        return table;
    }

    private async Task<bool> InsertAsync(MembershipEntry entry) => await Table.InsertRowAsync(entry, (await Table.ReadAllAsync(Ct)).Version.Next(), Ct);

    private async Task<bool> UpdateAsync(MembershipEntry entry)
    {
        var read = await Table.ReadRowAsync(entry.SiloAddress, Ct);
        return await Table.UpdateRowAsync(entry, read.Members[0].Item2, read.Version.Next(), Ct);
    }

    private static (SiloAddress, SiloStatus, int, string, string, DateTime, DateTime) Facts(MembershipEntry entry) =>
        (entry.SiloAddress, entry.Status, entry.ProxyPort, entry.HostName, entry.SiloName, entry.StartTime, entry.IAmAliveTime);
}
