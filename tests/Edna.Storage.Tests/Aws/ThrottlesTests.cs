using System.Diagnostics.Metrics;
using Edna.Storage.Aws;
using Edna.Storage.Tests.Dynamo;
using Xunit;
using static Edna.Compliance.Items.TestRows;

namespace Edna.Storage.Tests.Aws;

public sealed class ThrottlesTests
{
    [Fact]
    public async Task Attempts_that_were_throttled_are_counted_also_when_the_call_came_to_its_end()
    {
        await using var host = await DynamoItemTableHost.StartAsync(TestContext.Current.CancellationToken);
        var counted = 0L;
        using var listener = new MeterListener { InstrumentPublished = (instrument, l) => { if (instrument.Name == "edna.aws.throttles") l.EnableMeasurementEvents(instrument); } };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) => Interlocked.Add(ref counted, tags.ToArray().Contains(new("service", "DynamoDB")) ? value : 0));
        listener.Start();
        Throttles.Count();
        Throttles.Count();
        using var faults = new DynamoFaults { Plan = (_, call) => call < 2 ? DynamoFaultKind.Throttled : DynamoFaultKind.None };
        using var client = faults.Client(host.Options, retries: 3);
        Assert.Null(await host.Another(client).ReadAsync(Row("a").Key, TestContext.Current.CancellationToken));
        Assert.Equal(3, faults.Calls);
        // Others that run meanwhile may be throttled too.
        Assert.InRange(Interlocked.Read(ref counted), 2, long.MaxValue);
    }
}
