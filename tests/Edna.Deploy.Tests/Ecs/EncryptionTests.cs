using Xunit;

namespace Edna.Deploy.Tests.Ecs;

/// <summary>What is kept is encrypted, and what is sent. Bucket and tables have tests of their own.</summary>
public sealed class EncryptionTests(Synthesis synthesis)
{
    [Fact]
    public async Task Queues_and_images_are_encrypted_where_they_lie()
    {
        var queues = (await synthesis.UsualAsync()).Of("AWS::SQS::Queue");
        Assert.Equal(2, queues.Count);
        Assert.All(queues.Values, queue => Assert.True(queue.GetProperty("SqsManagedSseEnabled").GetBoolean()));
        // Amazon's registry encrypts with AES-256 what it is told nothing else about, and CDK does not repeat it.
        var images = Assert.Single((await synthesis.ReleaseAsync("usual")).Of("AWS::ECR::Repository")).Value;
        Assert.False(images.TryGetProperty("EncryptionConfiguration", out var other), other.ToString());
    }

    [Fact]
    public async Task The_search_domain_is_encrypted_inside_and_out_and_only_there_when_it_is_wanted()
    {
        var domain = Assert.Single((await synthesis.UsualAsync()).Of("AWS::OpenSearchService::Domain")).Value;
        Assert.True(domain.GetProperty("EncryptionAtRestOptions").GetProperty("Enabled").GetBoolean());
        Assert.True(domain.GetProperty("NodeToNodeEncryptionOptions").GetProperty("Enabled").GetBoolean());
        Assert.True(domain.GetProperty("DomainEndpointOptions").GetProperty("EnforceHTTPS").GetBoolean());
        Assert.StartsWith("Policy-Min-TLS-1-2", domain.GetProperty("DomainEndpointOptions").GetProperty("TLSSecurityPolicy").GetString(), StringComparison.Ordinal);
        var other = await synthesis.OtherAsync();
        Assert.Empty(other.Of("AWS::OpenSearchService::Domain"));
        Assert.Equal("https://search.example.com:9243", Template.EnvironmentOf(other.RoleOf("silo").Container)["Edna__Search__Elasticsearch__Address"]);
    }

    /// <summary>Whoever may publish must be able to use the key, or alarms are lost without a word.</summary>
    [Fact]
    public async Task What_alarms_say_is_encrypted_with_a_key_that_they_can_use()
    {
        var template = await synthesis.UsualAsync();
        var (name, key) = Assert.Single(template.Of("AWS::KMS::Key"));
        Assert.Equal(name, Assert.Single(template.Of("AWS::SNS::Topic")).Value.GetProperty("KmsMasterKeyId").GetProperty("Fn::GetAtt")[0].GetString());
        Assert.True(key.GetProperty("EnableKeyRotation").GetBoolean());
        var letIn = key.GetProperty("KeyPolicy").GetProperty("Statement").EnumerateArray().Single(statement => statement.GetProperty("Principal").TryGetProperty("Service", out _));
        Assert.Equal("cloudwatch.amazonaws.com", letIn.GetProperty("Principal").GetProperty("Service").GetString());
        Assert.Equal(["kms:Decrypt", "kms:GenerateDataKey"], Template.Pairs(letIn).Select(pair => pair.Action));
    }

    [Theory]
    [InlineData("AWS::S3::Bucket", "AWS::S3::BucketPolicy", "Bucket")]
    [InlineData("AWS::SQS::Queue", "AWS::SQS::QueuePolicy", "Queues")]
    [InlineData("AWS::SNS::Topic", "AWS::SNS::TopicPolicy", "Topics")]
    public async Task Whoever_comes_without_TLS_is_refused_whatever_lets_him_in(string kind, string policies, string of)
    {
        var template = await synthesis.UsualAsync();
        Assert.NotEmpty(template.Of(kind));
        Assert.All(template.Of(kind).Keys, name => Assert.Contains(template.Of(policies).Values, policy =>
            policy.GetProperty(of).GetRawText().Contains($"\"{name}\"", StringComparison.Ordinal)
            && policy.GetProperty("PolicyDocument").GetProperty("Statement").EnumerateArray().Any(statement =>
                statement.GetProperty("Effect").GetString() == "Deny" && statement.GetProperty("Condition").GetRawText() == """{"Bool":{"aws:SecureTransport":"false"}}""" && statement.GetProperty("Principal").GetRawText().Contains('*'))));
    }
}
