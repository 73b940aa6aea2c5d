using Amazon.DynamoDBv2;
using Edna.Compliance.Items;
using Edna.Items;
using Edna.Storage.Dynamo;
using Edna.Storage.Dynamo.Tables;

namespace Edna.Storage.Tests.Dynamo;

/// <summary>
/// A table of a test's own, which goes with it. Its clock stands so that a feed begins just before the end of a stretch: whatever is tried is
/// tried across two partitions.
/// </summary>
internal sealed class DynamoItemTableHost : IItemTableHost
{
    private DynamoItemTableHost(DynamoOptions options, IAmazonDynamoDB client) => (Options, Client) = (options, client);

    public DynamoOptions Options { get; }

    public IAmazonDynamoDB Client { get; }

    public IItemTable Table { get; private set; } = null!;

    public static async Task<DynamoItemTableHost> StartAsync(CancellationToken ct)
    {
        var options = DynamoServer.Options();
        var host = new DynamoItemTableHost(options, DynamoServer.Client(options));
        await new DynamoTableMaker(host.Client, [], TimeProvider.System).MakeAsync(DynamoTable.Items(options), pointInTimeRecovery: false, ct);
        await host.ReopenAsync();
        return host;
    }

    /// <summary>The calls of one process to the table.</summary>
    public ItemTableCalls Calls(IAmazonDynamoDB? client = null, string service = "edna") => new(client ?? Client, Options, service, new BeforeStretch());

    /// <summary>The keys of its items.</summary>
    public DynamoItemKeys Keys => Calls().Keys;

    /// <summary>The table as another process has it.</summary>
    public DynamoItemTable Another(IAmazonDynamoDB? client = null) => new(Calls(client));

    public Task ReopenAsync()
    {
        Table = Another();
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DeleteTableAsync(Options.ItemTable);
        Client.Dispose();
    }

    private sealed class BeforeStretch : TimeProvider
    {
        private const long Microseconds = (420_000_000L << 22) - 6;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddTicks(Microseconds * TimeSpan.TicksPerMicrosecond);
    }
}
