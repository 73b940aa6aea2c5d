using Edna.Datasets;
using Xunit;

namespace Edna.Grains.Tests.Datasets;

public sealed class DatasetRulesTests
{
    [Fact]
    public void The_services_own_bucket_can_never_be_bound_even_where_an_operator_lists_it()
    {
        var options = new DatasetOptions { AllowedBuckets = { "own", "lake" } };
        CreateDataset Bound(string bucket) => new() { Name = "cats", Storage = new() { Bucket = bucket, Prefix = "default/" } };
        Assert.Null(DatasetRules.Check(Bound("lake"), options, "own").ToProblem());
        Assert.Contains("storage.bucket", DatasetRules.Check(Bound("own"), options, "own").ToProblem()!.Errors!.Keys);
    }
}
