using Xunit;

namespace Edna.Admin;

public sealed class AdminCommandTests
{
    [Theory]
    [InlineData]
    [InlineData("--Edna:Cluster:SiloPort=11111")]
    [InlineData("Edna:Cluster:SiloPort=11111")]
    [InlineData("--environment", "Development")]
    public async Task Without_a_command_the_silo_is_meant(params string[] args) => Assert.Null(await AdminCommands.RunAsync(args));

    [Theory]
    [InlineData("chek-store")]
    [InlineData("check-store", "--aply")]
    [InlineData("check-store", "apply")]
    [InlineData("check-store", "--Edna:Objects:Provider=Tape")]
    [InlineData("check-store", "--Edna:Objects:Provider=S3", "--Edna:Objects:S3:Bucket=Not A Bucket")]
    public async Task What_is_not_understood_ends_with_2(params string[] args) => Assert.Equal(ExitCodes.Failed, await AdminCommands.RunAsync(args));

    [Fact]
    public async Task Objects_in_files_need_no_bucket()
    {
        using var said = new StringWriter();
        Assert.Equal(ExitCodes.Done, await CheckStoreCommand.RunAsync([], apply: false, said, TestContext.Current.CancellationToken));
        Assert.Equal("Objects are kept in files (Edna:Objects:Provider is Files): there is no bucket to set up.", said.ToString().Trim());
    }

    [Fact]
    public async Task A_bucket_that_cannot_be_reached_ends_with_1_and_says_what_to_do()
    {
        using var said = new StringWriter();
        string[] settings =
        [
            "--Edna:Objects:Provider=S3", "--Edna:Objects:S3:Bucket=data", "--Edna:Objects:S3:Endpoint=http://127.0.0.1:1",
            "--Edna:Objects:S3:AccessKeyId=key", "--Edna:Objects:S3:SecretAccessKey=secret",
        ];
        Assert.Equal(ExitCodes.Findings, await CheckStoreCommand.RunAsync(settings, apply: false, said, TestContext.Current.CancellationToken));
        Assert.Contains("wrong     bucket", said.ToString(), StringComparison.Ordinal);
        Assert.Contains("Edna:Objects:S3:Endpoint", said.ToString(), StringComparison.Ordinal);
    }
}
