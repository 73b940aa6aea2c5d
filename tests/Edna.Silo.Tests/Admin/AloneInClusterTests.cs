using System.Net;
using Edna.Admin;
using Xunit;

namespace Edna.Silo.Tests.Admin;

public sealed class AloneInClusterTests
{
    private static readonly DateTime Since = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    [Fact]
    public void A_silo_runs_until_it_has_left_or_is_not_heard_of() => Assert.Equal(
        ["127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:3"],
        AloneInCluster.Running(
            [
                Member(3, SiloStatus.Joining, started: 1, heard: 0), Member(1, SiloStatus.Active, started: -60, heard: 0), Member(2, SiloStatus.ShuttingDown, started: -60, heard: 1),
                Member(4, SiloStatus.Dead, started: 1, heard: 1), Member(5, SiloStatus.Active, started: -60, heard: -1),
            ],
            Since));

    private static MembershipEntry Member(int port, SiloStatus status, int started, int heard) => new()
    {
        SiloAddress = SiloAddress.New(IPAddress.Loopback, port, 1), Status = status, StartTime = Since.AddSeconds(started), IAmAliveTime = Since.AddSeconds(heard),
    };
}
