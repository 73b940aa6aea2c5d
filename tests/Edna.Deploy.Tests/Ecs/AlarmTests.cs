using System.Text.Json;
using Xunit;

namespace Edna.Deploy.Tests.Ecs;

/// <summary>What somebody is called for, and that logs do not grow for ever.</summary>
public sealed class AlarmTests(Synthesis synthesis)
{
    private static readonly string[] s_usual =
    [
        "ApiFailing", "DeadLetters", "EventsWait", "Failing", "GatewayCpu", "GatewayFaults", "GatewayFew", "GatewayMemory", "GrainStateThrottled", "ItemsThrottled", "RemindersThrottled", "SearchFull", "SearchMemory", "SearchRed",
        "SiloCpu", "SiloFaults", "SiloFew", "SiloMemory", "SilosThrottled",
    ];

    [Fact]
    public async Task Somebody_is_told_of_each_alarm_and_what_it_means()
    {
        var (usual, other) = (await synthesis.UsualAsync(), await synthesis.OtherAsync());
        Assert.Equal(s_usual, NamesOf(usual));
        Assert.Equal(s_usual.Where(name => !name.StartsWith("Search", StringComparison.Ordinal)), NamesOf(other));
        var topic = Assert.Single(usual.Of("AWS::SNS::Topic")).Key;
        Assert.All(usual.Of("AWS::CloudWatch::Alarm").Values, alarm =>
        {
            Assert.Equal($$"""[{"Ref":"{{topic}}"}]""", alarm.GetProperty("AlarmActions").GetRawText());
            Assert.EndsWith(".", alarm.GetProperty("AlarmDescription").GetString(), StringComparison.Ordinal);
        });
        var letIn = usual.Of("AWS::SNS::TopicPolicy").Values.SelectMany(policy => policy.GetProperty("PolicyDocument").GetProperty("Statement").EnumerateArray()).Single(statement => statement.GetProperty("Effect").GetString() == "Allow");
        Assert.Equal(("sns:Publish", $$"""{"Ref":"{{topic}}"}""", """{"Service":"cloudwatch.amazonaws.com"}"""), (letIn.GetProperty("Action").GetString(), letIn.GetProperty("Resource").GetRawText(), letIn.GetProperty("Principal").GetRawText()));
        var mail = Assert.Single(usual.Of("AWS::SNS::Subscription")).Value;
        Assert.Equal(("email", "AlarmAddress"), (mail.GetProperty("Protocol").GetString(), mail.GetProperty("Endpoint").GetProperty("Ref").GetString()));
    }

    /// <summary>An alarm on a metric that nobody writes never goes off: names are as their services document them.</summary>
    [Fact]
    public async Task Alarms_look_at_figures_that_there_are()
    {
        var template = await synthesis.UsualAsync();
        var looked = template.Of("AWS::CloudWatch::Alarm").ToDictionary(alarm => alarm.Key["Alarms".Length..^8], alarm => MetricsOf(alarm.Value));
        Assert.Equal(["AWS/ApiGateway 5xx"], looked["ApiFailing"]);
        Assert.Equal(["EDNA failed"], looked["Failing"]);
        foreach (var role in new[] { "Silo", "Gateway" })
        {
            Assert.Equal(["ECS/ContainerInsights RunningTaskCount"], looked[$"{role}Few"]);
            Assert.Equal(["AWS/ECS CPUUtilization"], looked[$"{role}Cpu"]);
            Assert.Equal(["AWS/ECS MemoryUtilization"], looked[$"{role}Memory"]);
            Assert.Equal([$"EDNA {role.ToLowerInvariant()}Faults"], looked[$"{role}Faults"]);
        }
        Assert.Equal(["AWS/SQS ApproximateNumberOfMessagesVisible"], looked["DeadLetters"]);
        Assert.Equal(["AWS/SQS ApproximateAgeOfOldestMessage"], looked["EventsWait"]);
        Assert.All(new[] { "Items", "GrainState", "Reminders", "Silos" }, table => Assert.Equal(["AWS/DynamoDB ReadThrottleEvents", "AWS/DynamoDB WriteThrottleEvents", "FILL(reads, 0) + FILL(writes, 0)"], looked[$"{table}Throttled"]));
        Assert.Equal(["AWS/ES ClusterStatus.red"], looked["SearchRed"]);
        Assert.Equal(["AWS/ES FreeStorageSpace"], looked["SearchFull"]);
        Assert.Equal(["AWS/ES JVMMemoryPressure"], looked["SearchMemory"]);
    }

    [Fact]
    public async Task Without_a_task_that_tells_how_many_there_are_there_are_too_few() => Assert.All(
        (await synthesis.UsualAsync()).Of("AWS::CloudWatch::Alarm").Where(alarm => alarm.Key.Contains("Few", StringComparison.Ordinal)),
        alarm => Assert.Equal("breaching", alarm.Value.GetProperty("TreatMissingData").GetString()));

    /// <summary>The filter that docs/operations.md gives, over the log in which gateways write their activity.</summary>
    [Fact]
    public async Task Failed_requests_are_counted_in_the_activity_log()
    {
        var template = await synthesis.UsualAsync();
        var gatewayLog = template.RoleOf("gateway").Container.GetProperty("LogConfiguration").GetProperty("Options").GetProperty("awslogs-group").GetProperty("Ref").GetString();
        var failed = template.Of("AWS::Logs::MetricFilter").Values.Single(filter => filter.GetProperty("MetricTransformations")[0].GetProperty("MetricName").GetString() == "failed");
        Assert.Equal(gatewayLog, failed.GetProperty("LogGroupName").GetProperty("Ref").GetString());
        Assert.Equal("Console", Template.EnvironmentOf(template.RoleOf("gateway").Container)["Edna__Activity__Output"]);
        var operations = await File.ReadAllTextAsync(Path.Combine(Harness.Programs.Root, "docs/operations.md"), TestContext.Current.CancellationToken);
        Assert.Contains($"--filter-pattern '{failed.GetProperty("FilterPattern").GetString()}'", operations, StringComparison.Ordinal);
        Assert.Single(template.Of("AWS::CloudWatch::Alarm").Values, alarm => alarm.TryGetProperty("MetricName", out var name) && name.GetString() == "failed");
    }

    [Fact]
    public async Task Logs_end()
    {
        foreach (var template in await synthesis.BothAsync())
        {
            var groups = template.Of("AWS::Logs::LogGroup");
            // Silos, gateways, the API, and what the network refuses.
            Assert.Equal(4, groups.Count);
            Assert.All(groups, group => Assert.InRange(group.Value.GetProperty("RetentionInDays").GetInt32(), 30, 400));
            Assert.All(groups.Keys, name => Assert.Equal("Delete", template.DeletionOf(name)));
        }
    }

    /// <summary>What an alarm looks at, in order.</summary>
    private static IEnumerable<string> MetricsOf(JsonElement alarm) => (alarm.TryGetProperty("Metrics", out var many)
        ? many.EnumerateArray().Select(one => one.TryGetProperty("Expression", out var sum) ? sum.GetString()! : NameOf(one.GetProperty("MetricStat").GetProperty("Metric")))
        : [NameOf(alarm)]).Order(StringComparer.Ordinal);

    private static string NameOf(JsonElement metric) => $"{metric.GetProperty("Namespace").GetString()} {metric.GetProperty("MetricName").GetString()}";

    /// <summary>Names as the code has them: CDK puts the construct before, and a hash behind.</summary>
    internal static IEnumerable<string> NamesOf(Template template) =>
        template.Of("AWS::CloudWatch::Alarm").Keys.Select(name => name["Alarms".Length..^8]).Order(StringComparer.Ordinal);
}
