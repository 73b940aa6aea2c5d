using Xunit;

namespace Edna.Admin;

public sealed class InitTablesTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_DynamoDB_there_are_no_tables_to_make()
    {
        using var said = new StringWriter();
        Assert.Equal(ExitCodes.Done, await InitTablesCommand.RunAsync([], recovery: true, said, Ct));
        Assert.Equal("Nothing is kept in DynamoDB (neither Edna:Cluster:Provider nor Edna:State:Provider is DynamoDb): there are no tables to make.", said.ToString().Trim());
    }

    [Theory]
    [InlineData("--no-recover")]
    [InlineData("--Edna:Cluster:Provider=DynamoDb")]
    [InlineData("--Edna:State:Provider=DynamoDb", "--Edna:DynamoDb:SiloTable=x", "--Edna:DynamoDb:Region=eu-west-1")]
    [InlineData("--Edna:State:Provider=DynamoDb", "--Edna:DynamoDb:Endpoint=http://127.0.0.1:1", "--Edna:DynamoDb:AccessKeyId=a", "--Edna:DynamoDb:SecretAccessKey=b")]
    public async Task What_is_wrong_ends_with_2(params string[] args) => Assert.Equal(ExitCodes.Failed, await InitTablesCommand.RunAsync(args));

    [Fact]
    public async Task Tables_are_made_once_and_told_of()
    {
        var (settings, own) = Settings();
        using var first = new StringWriter();
        Assert.Equal(ExitCodes.Done, await InitTablesCommand.RunAsync(settings, recovery: true, first, Ct));
        Assert.Equal(
            $"""
              made   {own}.items, not recoverable: this server has no backups
              made   {own}.state, not recoverable: this server has no backups
              made   {own}.reminders, not recoverable: this server has no backups
              made   {own}.silos, not recoverable: this server has no backups
            All tables are there.

            """, first.ToString());
        using var second = new StringWriter();
        Assert.Equal(ExitCodes.Done, await InitTablesCommand.RunAsync(settings, recovery: false, second, Ct));
        Assert.Equal(
            $"""
              there  {own}.items
              there  {own}.state
              there  {own}.reminders
              there  {own}.silos
            All tables are there.

            """, second.ToString());
    }

    [Fact]
    public async Task A_table_of_somebody_elses_ends_with_1()
    {
        var (settings, own) = Settings();
        using var said = new StringWriter();
        await InitTablesCommand.RunAsync(settings, recovery: false, said, Ct);
        Assert.Equal(ExitCodes.Findings, await InitTablesCommand.RunAsync(
            [.. settings, $"--Edna:DynamoDb:SiloTable={own}.state", $"--Edna:DynamoDb:GrainStateTable={own}.other"], recovery: false, said, Ct));
        Assert.Contains($"""
              made   {own}.other
              there  {own}.reminders
              wrong  {own}.state: its keys are GrainReference (S), GrainType (S), and must be DeploymentId (S), SiloIdentity (S)
            1 of 4 will not do.
            """, said.ToString(), StringComparison.Ordinal);
    }

    private static (string[] Settings, string Own) Settings()
    {
        var endpoint = Environment.GetEnvironmentVariable("EDNA_TEST_DYNAMO_ENDPOINT");
        if (string.IsNullOrEmpty(endpoint)) Assert.Skip("EDNA_TEST_DYNAMO_ENDPOINT is not set: there is no DynamoDB to test against. ./test.sh starts one.");
        var own = $"t{Guid.NewGuid():n}";
        return (
            [
                "--Edna:State:Provider=DynamoDb", "--Edna:Cluster:Provider=DynamoDb", "--Edna:Objects:Provider=S3", "--Edna:Search:Provider=Elasticsearch",
                $"--Edna:DynamoDb:Endpoint={endpoint}",
                "--Edna:DynamoDb:AccessKeyId=ednatest", "--Edna:DynamoDb:SecretAccessKey=ednatestsecret", $"--Edna:DynamoDb:ItemTable={own}.items",
                $"--Edna:DynamoDb:SiloTable={own}.silos", $"--Edna:DynamoDb:GrainStateTable={own}.state", $"--Edna:DynamoDb:ReminderTable={own}.reminders",
            ], own);
    }
}
