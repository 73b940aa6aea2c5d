using Edna.Compliance.Items;
using Xunit;

namespace Edna.Storage.Tests.Dynamo;

public sealed class DynamoItemTableTests : ItemTableCompliance
{
    internal static readonly bool IsSoak = Environment.GetEnvironmentVariable("EDNA_TEST_SOAK") == "1";

    /// <summary>A call takes milliseconds here. All rounds with <c>./test.sh --soak</c>.</summary>
    protected override int Rounds(int many) => IsSoak ? many : many / 8;

    protected override async Task<IItemTableHost> StartAsync() => await DynamoItemTableHost.StartAsync(TestContext.Current.CancellationToken);
}
