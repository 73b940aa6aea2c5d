using Edna.Compliance.Items;
using Xunit;

namespace Edna.Storage.Tests.Dynamo;

public sealed class DynamoItemTableTests : ItemTableCompliance
{
    protected override async Task<IItemTableHost> StartAsync() => await DynamoItemTableHost.StartAsync(TestContext.Current.CancellationToken);
}
