using System.Text.Json;
using Edna.Admin;
using Edna.Aws;
using Xunit;

namespace Edna.Deploy.Tests.Ecs;

/// <summary>Who may do what: processes of EDNA exactly what their code does, and nobody anything at will.</summary>
public sealed class RoleTests(Synthesis synthesis)
{
    /// <summary>What has no resource to be named.</summary>
    private static readonly string[] s_nowhere = ["ecr:GetAuthorizationToken"];

    /// <summary>What ECS itself does to start a task: fetch its image and its secrets, and make it a log.</summary>
    private static readonly string[] s_starting =
    [
        "ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetAuthorizationToken", "ecr:GetDownloadUrlForLayer",
        "logs:CreateLogStream", "logs:PutLogEvents", "secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue",
    ];

    [Theory]
    [InlineData("silo")]
    [InlineData("gateway")]
    public async Task A_role_may_do_what_the_code_does_and_nothing_else(string role)
    {
        foreach (var template in await synthesis.BothAsync())
        {
            var taskRole = RoleOf(template, role, "TaskRoleArn");
            var statements = template.Statements().Where(one => one.Role == taskRole).Select(one => one.Statement).ToList();
            Assert.All(statements, statement => Assert.Equal("Allow", statement.GetProperty("Effect").GetString()));
            var things = Things(template);
            Assert.Equal(
                AwsRoles.All.Single(one => one.Name == role).Access.SelectMany(access => things[access.On].Select(thing => (access.Action, thing))).Distinct().Order(),
                statements.SelectMany(Template.Pairs).Order());
            Assert.False(template.Of("AWS::IAM::Role")[taskRole].TryGetProperty("ManagedPolicyArns", out _));
        }
    }

    [Fact]
    public async Task A_process_of_EDNA_can_neither_read_its_secrets_nor_write_its_image()
    {
        foreach (var template in await synthesis.BothAsync())
        {
            Assert.All(new[] { "silo", "gateway" }, role =>
            {
                var starting = template.Statements().Where(one => one.Role == RoleOf(template, role, "ExecutionRoleArn")).SelectMany(one => Template.Pairs(one.Statement)).ToList();
                Assert.NotEmpty(starting);
                Assert.All(starting, pair => Assert.Contains(pair.Action, s_starting));
                Assert.NotEqual(RoleOf(template, role, "ExecutionRoleArn"), RoleOf(template, role, "TaskRoleArn"));
            });
        }
    }

    [Fact]
    public async Task Nobody_may_do_anything_at_will()
    {
        foreach (var template in new[] { await synthesis.UsualAsync(), await synthesis.OtherAsync(), await synthesis.ReleaseAsync("usual"), await synthesis.ReleaseAsync("other") })
        {
            foreach (var (policy, _, statement) in template.Statements())
            {
                Assert.False(statement.TryGetProperty("NotAction", out _) || statement.TryGetProperty("NotResource", out _), policy);
                Assert.All(Template.Pairs(statement), pair => Assert.False(pair.Action.Contains('*', StringComparison.Ordinal) || (pair.Resource == "*" && !s_nowhere.Contains(pair.Action)), $"{policy}: {pair}"));
            }
            // Nothing runs with rights of its own that stand nowhere here, and nobody is given more by a policy that AWS keeps.
            Assert.DoesNotContain("AWS::Lambda::Function", template.Types);
            Assert.All(template.Of("AWS::IAM::Role"), role => Assert.False(role.Value.TryGetProperty("ManagedPolicyArns", out _) || role.Value.TryGetProperty("Policies", out _), role.Key));
        }
    }

    [Fact]
    public async Task Only_releases_of_the_repository_in_its_environment_are_let_in_and_without_a_key()
    {
        var none = await synthesis.ReleaseAsync("usual");
        Assert.Equal(["AWS::ECR::Repository"], none.Types);
        var template = await synthesis.ReleaseAsync("other");
        var trust = Assert.Single(Assert.Single(template.Of("AWS::IAM::Role")).Value.GetProperty("AssumeRolePolicyDocument").GetProperty("Statement").EnumerateArray());
        Assert.Equal("sts:AssumeRoleWithWebIdentity", trust.GetProperty("Action").GetString());
        Assert.Equal(
            """{"StringEquals":{"token.actions.githubusercontent.com:aud":"sts.amazonaws.com","token.actions.githubusercontent.com:sub":"repo:someone/edna:environment:production"}}""",
            JsonSerializer.Serialize(trust.GetProperty("Condition")));
        Assert.DoesNotContain("AWS::IAM::User", template.Types);
        Assert.DoesNotContain("AWS::IAM::AccessKey", template.Types);
    }

    [Fact]
    public async Task The_search_domain_itself_lets_silos_in_and_whatever_is_not_signed_stays_out()
    {
        var template = await synthesis.UsualAsync();
        var statement = Assert.Single(Assert.Single(template.Of("AWS::OpenSearchService::Domain")).Value.GetProperty("AccessPolicies").GetProperty("Statement").EnumerateArray());
        Assert.Equal(("Allow", Arn(RoleOf(template, "silo", "TaskRoleArn"))), (statement.GetProperty("Effect").GetString(), statement.GetProperty("Principal").GetProperty("AWS").GetRawText()));
        Assert.Equal(AwsRoles.Search.Select(access => access.Action).Order(StringComparer.Ordinal), Template.Pairs(statement).Select(pair => pair.Action).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Only_buckets_of_this_account_send_to_the_queue()
    {
        foreach (var template in await synthesis.BothAsync())
        {
            var queue = ThingOf(template, "AWS::SQS::Queue", one => one.TryGetProperty("RedrivePolicy", out _));
            var letIn = template.Of("AWS::SQS::QueuePolicy").Values.SelectMany(policy => policy.GetProperty("PolicyDocument").GetProperty("Statement").EnumerateArray()).Where(one => one.GetProperty("Effect").GetString() == "Allow");
            var statement = Assert.Single(letIn);
            Assert.Equal(("sqs:SendMessage", Arn(queue)), Template.Pairs(statement).Single());
            Assert.Equal("""{"Service":"s3.amazonaws.com"}""", statement.GetProperty("Principal").GetRawText());
            Assert.Equal("""{"StringEquals":{"aws:SourceAccount":{"Ref":"AWS::AccountId"}}}""", statement.GetProperty("Condition").GetRawText());
        }
    }

    private static string RoleOf(Template template, string role, string which) => template.RoleOf(role).Task.GetProperty(which).GetProperty("Fn::GetAtt")[0].GetString()!;

    /// <summary>The ARNs of each thing, as the template writes them.</summary>
    private static Dictionary<AwsResource, string[]> Things(Template template)
    {
        string TableBy(string key) => ThingOf(template, "AWS::DynamoDB::Table", table => table.GetProperty("KeySchema")[0].GetProperty("AttributeName").GetString() == key);
        var (bucket, others) = (ThingOf(template, "AWS::S3::Bucket", _ => true), template.Parameters.ContainsKey("Auth0Issuer") ? [] : new[] { "one-more", "and-another" });
        var domain = template.Of("AWS::OpenSearchService::Domain").Keys.SingleOrDefault();
        return new()
        {
            [AwsResource.Bucket] = [Arn(bucket), .. others.Select(name => Named(name))],
            [AwsResource.Objects] = [Below(bucket, "/*"), .. others.Select(name => Named($"{name}/*"))],
            [AwsResource.ItemTable] = [Arn(TableBy("pk"))], [AwsResource.ItemIndexes] = [Below(TableBy("pk"), "/index/*")],
            [AwsResource.GrainStateTable] = [Arn(TableBy("GrainReference"))],
            [AwsResource.ReminderTable] = [Arn(TableBy("ReminderId"))], [AwsResource.ReminderIndexes] = [Below(TableBy("ReminderId"), "/index/*")],
            [AwsResource.SiloTable] = [Arn(TableBy("DeploymentId"))],
            [AwsResource.Queue] = [Arn(ThingOf(template, "AWS::SQS::Queue", queue => queue.TryGetProperty("RedrivePolicy", out _)))],
            [AwsResource.DeadLetterQueue] = [Arn(ThingOf(template, "AWS::SQS::Queue", queue => !queue.TryGetProperty("RedrivePolicy", out _)))],
            [AwsResource.SearchDomain] = domain is null ? [] : [Below(domain, "/*")],
        };
    }

    private static string ThingOf(Template template, string type, Func<JsonElement, bool> isIt) => template.Of(type).Single(one => isIt(one.Value)).Key;

    private static string Arn(string name) => $$"""{"Fn::GetAtt":["{{name}}","Arn"]}""";

    private static string Below(string name, string path) => $$"""{"Fn::Join":["",[{{Arn(name)}},"{{path}}"]]}""";

    private static string Named(string path) => $$"""{"Fn::Join":["",["arn:",{"Ref":"AWS::Partition"},":s3:::{{path}}"]]}""";
}
