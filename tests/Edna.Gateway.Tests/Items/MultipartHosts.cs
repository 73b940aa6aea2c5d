using Xunit;

namespace Edna.Gateway.Tests.Items;

public sealed class MultipartOnFilesTests : MultipartTests
{
    protected override Task<RunningGateway> StartAsync() => RunningGateway.StartAsync([]);
}

public sealed class MultipartOnS3Tests : MultipartTests
{
    protected override Task<RunningGateway> StartAsync()
    {
        var endpoint = Environment.GetEnvironmentVariable("EDNA_TEST_S3_ENDPOINT");
        Assert.SkipWhen(string.IsNullOrEmpty(endpoint), "EDNA_TEST_S3_ENDPOINT names no S3 server");
        return RunningGateway.StartAsync(
        [
            "--Edna:Objects:Provider=S3", $"--Edna:Objects:S3:Endpoint={endpoint}", "--Edna:Objects:S3:Compatibility=Ceph",
            $"--Edna:Objects:S3:Bucket=multipart-{Guid.NewGuid():n}", "--Edna:Objects:S3:CreateBucket=true",
            $"--Edna:Objects:S3:AccessKeyId={Environment.GetEnvironmentVariable("EDNA_TEST_S3_KEY")}",
            $"--Edna:Objects:S3:SecretAccessKey={Environment.GetEnvironmentVariable("EDNA_TEST_S3_SECRET")}",
        ]);
    }
}
