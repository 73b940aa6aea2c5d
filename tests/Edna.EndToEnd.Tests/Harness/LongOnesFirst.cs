using Edna.Harness;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(LongOnesFirst))]

namespace Edna.Harness;

/// <summary>Begins with the classes that take longest, so that none of them is left alone at the end.</summary>
internal sealed class LongOnesFirst : ITestCollectionOrderer
{
    private static readonly string[] s_first = ["KilledUnattended", "ClusterUnderLoad", "KilledBetweenSteps", "KilledJobs", "DocumentWalks", "RebuildFromBucket", "KilledReindex", "KilledPush"];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection => [.. testCollections.OrderBy(Place)];

    private static int Place<TTestCollection>(TTestCollection collection) where TTestCollection : ITestCollection
    {
        var place = Array.FindIndex(s_first, name => collection.TestCollectionDisplayName.Contains($".{name} ", StringComparison.Ordinal));
        return place < 0 ? s_first.Length : place;
    }
}
