using System.Text.Json;
using Xunit;

namespace Edna.Deploy.Tests.Ecs;

/// <summary>Who reaches whom: nobody EDNA's tasks from outside, silos only each other and gateways.</summary>
public sealed class NetworkTests(Synthesis synthesis)
{
    [Fact]
    public async Task Nothing_of_EDNA_has_an_address_outside()
    {
        foreach (var template in await synthesis.BothAsync())
        {
            var open = SubnetsThatReachIn(template);
            var used = template.Of("AWS::ECS::Service").Values.Select(service => service.GetProperty("NetworkConfiguration").GetProperty("AwsvpcConfiguration")).ToList();
            Assert.All(used, service => Assert.Equal("DISABLED", service.GetProperty("AssignPublicIp").GetString()));
            var subnets = used.SelectMany(service => Refs(service.GetProperty("Subnets"))).Concat(template.Of("AWS::ApiGatewayV2::VpcLink").Values.SelectMany(link => Refs(link.GetProperty("SubnetIds"))))
                .Concat(template.Of("AWS::OpenSearchService::Domain").Values.SelectMany(domain => Refs(domain.GetProperty("VPCOptions").GetProperty("SubnetIds")))).ToHashSet();
            Assert.Equal(2, subnets.Count);
            Assert.Empty(subnets.Intersect(open));
            Assert.All(template.Of("AWS::EC2::Subnet").Values, subnet => Assert.False(subnet.TryGetProperty("MapPublicIpOnLaunch", out var maps) && maps.GetBoolean()));
            // Whatever has an address is the way out.
            Assert.Equal(template.Of("AWS::EC2::NatGateway").Count, template.Of("AWS::EC2::EIP").Count);
        }
    }

    [Fact]
    public async Task Silos_are_open_to_each_other_and_to_gateways_and_gateways_to_the_API()
    {
        foreach (var template in await synthesis.BothAsync())
        {
            var (silos, gateways) = (GroupOf(template, "silo"), GroupOf(template, "gateway"));
            var link = Assert.Single(Refs(Assert.Single(template.Of("AWS::ApiGatewayV2::VpcLink")).Value.GetProperty("SecurityGroupIds")));
            Assert.Equal([(gateways, 30000), (silos, 11111)], Ingress(template, silos).OrderByDescending(one => one.Port));
            Assert.Equal([(link, 8080)], Ingress(template, gateways));
            Assert.Empty(Ingress(template, link));
            Assert.All(template.Of("AWS::EC2::SecurityGroup").Values, group => Assert.False(group.TryGetProperty("SecurityGroupIngress", out var rules) && rules.GetRawText().Contains("CidrIp", StringComparison.Ordinal), "Open to a network."));
            Assert.All(template.Of("AWS::EC2::SecurityGroupIngress").Values, rule => Assert.False(rule.TryGetProperty("CidrIp", out _), "Open to a network."));
            Assert.All(template.Of("AWS::EC2::SecurityGroup").Values.Where(group => group.TryGetProperty("SecurityGroupEgress", out _)).SelectMany(group => group.GetProperty("SecurityGroupEgress").EnumerateArray()),
                rule => Assert.NotEqual("-1", rule.GetProperty("IpProtocol").GetString()));
        }
    }

    [Fact]
    public async Task There_are_two_zones_those_that_were_asked_for_or_the_first_two()
    {
        Assert.Equal(
            ["""{"Fn::Select":[0,{"Fn::GetAZs":""}]}""", """{"Fn::Select":[1,{"Fn::GetAZs":""}]}"""],
            (await synthesis.UsualAsync()).Of("AWS::EC2::Subnet").Values.Select(subnet => subnet.GetProperty("AvailabilityZone").GetRawText()).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(
            ["eu-central-1a", "eu-central-1c"],
            (await synthesis.OtherAsync()).Of("AWS::EC2::Subnet").Values.Select(subnet => subnet.GetProperty("AvailabilityZone").GetString()).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Where_there_is_no_way_out_what_tasks_need_of_AWS_is_inside()
    {
        var usual = await synthesis.UsualAsync();
        Assert.Single(usual.Of("AWS::EC2::NatGateway"));
        Assert.Equal(["dynamodb", "s3"], Endpoints(usual));
        var other = await synthesis.OtherAsync();
        Assert.Empty(other.Of("AWS::EC2::NatGateway"));
        Assert.Empty(other.Of("AWS::EC2::InternetGateway"));
        Assert.Equal(["dynamodb", "ecr.api", "ecr.dkr", "logs", "s3", "secretsmanager", "sqs"], Endpoints(other));
        Assert.Equal(5, other.Of("AWS::EC2::VPCEndpoint").Values.Count(one => one.GetProperty("VpcEndpointType").GetString() == "Interface" && one.GetProperty("PrivateDnsEnabled").GetBoolean()));
    }

    private static IEnumerable<string> Endpoints(Template template) => template.Of("AWS::EC2::VPCEndpoint").Values
        .Select(one => one.GetProperty("ServiceName")).Select(name => name.ValueKind == JsonValueKind.String ? name.GetString()! : name.GetProperty("Fn::Join")[1].EnumerateArray().Last().GetString()!)
        .Select(name => name.TrimStart('.').Split("amazonaws.").Last()).Select(name => name.StartsWith("com.", StringComparison.Ordinal) ? name[4..] : name).Order(StringComparer.Ordinal);

    private static string GroupOf(Template template, string role) =>
        template.Of("AWS::ECS::Service")[template.RoleOf(role).Service].GetProperty("NetworkConfiguration").GetProperty("AwsvpcConfiguration").GetProperty("SecurityGroups")[0].GetProperty("Fn::GetAtt")[0].GetString()!;

    /// <summary>Who is let in, and where.</summary>
    private static IEnumerable<(string From, int Port)> Ingress(Template template, string group) =>
        from rule in template.Of("AWS::EC2::SecurityGroupIngress").Values
        where rule.GetProperty("GroupId").GetProperty("Fn::GetAtt")[0].GetString() == @group
        let port = rule.GetProperty("FromPort").GetInt32()
        where port == rule.GetProperty("ToPort").GetInt32()
        select (rule.GetProperty("SourceSecurityGroupId").GetProperty("Fn::GetAtt")[0].GetString()!, port);

    /// <summary>Subnets with a route to the internet gateway, by which they can be reached.</summary>
    private static HashSet<string> SubnetsThatReachIn(Template template)
    {
        var tables = template.Of("AWS::EC2::Route").Values.Where(route => route.TryGetProperty("GatewayId", out _)).Select(route => route.GetProperty("RouteTableId").GetProperty("Ref").GetString()).ToHashSet();
        return [.. template.Of("AWS::EC2::SubnetRouteTableAssociation").Values.Where(one => tables.Contains(one.GetProperty("RouteTableId").GetProperty("Ref").GetString())).Select(one => one.GetProperty("SubnetId").GetProperty("Ref").GetString()!)];
    }

    private static IEnumerable<string> Refs(JsonElement list) => list.EnumerateArray().Select(one => one.TryGetProperty("Ref", out var name) ? name.GetString()! : one.GetProperty("Fn::GetAtt")[0].GetString()!);
}
