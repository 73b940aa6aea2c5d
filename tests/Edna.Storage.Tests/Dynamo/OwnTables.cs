using Amazon.DynamoDBv2;
using Edna.Storage.Dynamo;
using Edna.Storage.Dynamo.Tables;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Serialization;
using Orleans.Serialization.Serializers;
using Xunit;

namespace Edna.Storage.Tests.Dynamo;

/// <summary>Tables of a test's own, made as an operator makes them.</summary>
internal sealed class OwnTables : IAsyncDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddSerializer().BuildServiceProvider();

    private OwnTables(DynamoOptions options) => (Options, Client) = (options, DynamoServer.Client(options));

    public DynamoOptions Options { get; }

    public IAmazonDynamoDB Client { get; }

    public IActivatorProvider Activators => _services.GetRequiredService<IActivatorProvider>();

    /// <summary>Makes tables. Skips the test when there is no server.</summary>
    public static async Task<OwnTables> MakeAsync(params Func<DynamoOptions, DynamoTable>[] tables)
    {
        var own = new OwnTables(DynamoServer.Options());
        foreach (var table in tables)
        {
            var outcome = await new DynamoTableMaker(own.Client, [], TimeProvider.System).MakeAsync(table(own.Options), false, TestContext.Current.CancellationToken);
            Assert.Equal((true, null), (outcome.Made, outcome.Difference));
        }
        return own;
    }

    public static IOptions<ClusterOptions> Cluster(string name) => Microsoft.Extensions.Options.Options.Create(new ClusterOptions { ServiceId = name, ClusterId = name });

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _services.DisposeAsync();
    }
}
