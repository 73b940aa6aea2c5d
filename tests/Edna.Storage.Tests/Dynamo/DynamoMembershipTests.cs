using System.Net;
using Edna.Compliance.Membership;
using Edna.Storage.Dynamo.Membership;
using Edna.Storage.Dynamo.Tables;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Xunit;

namespace Edna.Storage.Tests.Dynamo;

public sealed class DynamoMembershipTests : MembershipTableCompliance
{
    private OwnTables? _tables;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Clients_find_the_active_silos_of_their_cluster_that_have_a_gateway()
    {
        var (table, list) = (await OpenAsync("one"), List("one"));
        Assert.Empty(await list.GetGatewaysAsync(Ct));
        var (active, dead, closed) = (Entry(address: "fd00::1"), Entry(SiloStatus.Dead), Entry());
        closed.ProxyPort = 0;
        foreach (var entry in new[] { active, dead, closed }) Assert.True(await table.InsertRowAsync(entry, (await table.ReadAllAsync(Ct)).Version.Next(), Ct));
        Assert.Equal(SiloAddress.New(IPAddress.Parse("fd00::1"), 30_000, active.SiloAddress.Generation).ToGatewayUri(), Assert.Single(await list.GetGatewaysAsync(Ct)));
        Assert.Empty(await List("other").GetGatewaysAsync(Ct));
    }

    [Fact]
    public async Task A_row_is_what_the_stock_provider_writes()
    {
        var table = await OpenAsync("one");
        var entry = Entry();
        entry.AddSuspector(SiloAddress.New(IPAddress.Parse("10.0.0.9"), 5, 6), entry.StartTime);
        await table.InsertRowAsync(entry, (await table.ReadAllAsync(Ct)).Version.Next(), Ct);
        var rows = (await _tables!.Client.ScanAsync(new(_tables.Options.SiloTable) { }, Ct)).Items;
        var silo = rows.Single(row => row["SiloIdentity"].S != "VersionRow");
        var at = entry.SiloAddress;
        Assert.Equal(
            [
                "Address=10.0.0.1", "DeploymentId=one", "ETag=0", $"Generation={at.Generation}", "HostName=höst", "IAmAliveTime=2026-03-01 12:30:15.123 GMT",
                "MembershipVersion=1", $"Port={at.Endpoint.Port}", "ProxyPort=30000", $"SiloIdentity=10.0.0.1-{at.Endpoint.Port}-{at.Generation}",
                $"SiloName={entry.SiloName}", $"SiloStatus={(int)SiloStatus.Active}", "StartTime=2026-03-01 12:25:15.123 GMT", "SuspectingSilos=10.0.0.9:5@6",
                "SuspectingTimes=2026-03-01 12:25:15.123 GMT",
            ],
            silo.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => $"{a.Key}={a.Value.S ?? a.Value.N}"));
        var version = rows.Single(row => row["SiloIdentity"].S == "VersionRow");
        Assert.Equal(["DeploymentId=one", "ETag=1", "MembershipVersion=1", "SiloIdentity=VersionRow"],
            version.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => $"{a.Key}={a.Value.S ?? a.Value.N}"));
    }

    protected override async Task<IMembershipTable> OpenAsync(string cluster)
    {
        _tables ??= await OwnTables.MakeAsync(DynamoTable.Silos);
        return new DynamoMembershipTable(_tables.Client, _tables.Options, OwnTables.Cluster(cluster));
    }

    public override async ValueTask DisposeAsync()
    {
        if (_tables is not null) await _tables.DisposeAsync();
        await base.DisposeAsync();
    }

    private DynamoGatewayList List(string cluster) => new(_tables!.Client, _tables.Options, OwnTables.Cluster(cluster), Options.Create(new GatewayOptions()));
}
