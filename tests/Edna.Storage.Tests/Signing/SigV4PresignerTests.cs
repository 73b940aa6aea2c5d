using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using CsCheck;
using Xunit;

namespace Edna.Storage.Signing;

public sealed class SigV4PresignerTests
{
    private const string Region = "eu-central-1";

    private static readonly Gen<string> Text = Gen.OneOf(
        Gen.String[Gen.Char["abcXYZ019-_.~"], 1, 12],
        Gen.String[Gen.Char[" +%&=?#;:@!$,'()*[]{}|^`\"<>\\"], 1, 6],
        OneOf.Values("ä", "日本語", "😀", "e\u0301", "%20", "%2F", "+", " ", "a  b", "\u00a0", "\uffee"));

    private static readonly Gen<string> Key = Text.Array[1, 6].Select(Gen.Bool, (parts, folders) => string.Join(folders ? "/" : "", parts));

    private static readonly Gen<string> Value = Text.Array[1, 4].Select(parts => string.Concat(parts));

    private static readonly Gen<string> HeaderValue =
        Gen.String[Gen.Char["abcXYZ019-_./;=:+%\"'  "], 1, 40].Where(value => value.Trim().Length > 0);

    private static readonly Gen<Sample> Samples =
        from key in Key
        from token in Gen.OneOf(Gen.Const((string?)null), Gen.String[Gen.Char["abcXYZ019+/="], 20, 400].Select(text => (string?)text))
        from contentType in Gen.OneOf(Gen.Const((string?)null), OneOf.Values("image/jpeg", "text/plain; charset=utf-8").Select(text => (string?)text))
        from metadata in Gen.Select(Gen.String[Gen.Char["abcdefghijklmnopqrstuvwxyz0123456789-"], 1, 12], HeaderValue).Array[0, 4]
        from amz in Gen.Select(OneOf.Values("x-amz-tagging", "x-amz-checksum-sha256", "if-none-match", "content-md5", "x-amz-acl"), HeaderValue).Array[0, 3]
        from part in Gen.OneOf(Gen.Const(0), Gen.Int[1, 10_000])
        from disposition in Gen.OneOf(Gen.Const((string?)null), Value.Select(text => (string?)text))
        from parameters in Gen.Select(OneOf.Values("x-id", "x-amz-test", "x-a", "x-Z"), Value).Array[0, 3]
        from pathStyle in Gen.Bool
        from port in OneOf.Values("", ":8443")
        from scheme in OneOf.Values("https", "http")
        from seconds in Gen.Int[2, 604_000]
        select new Sample(key, token, contentType, Distinct(metadata), Distinct(amz), part, disposition, Distinct(parameters), pathStyle,
            new Uri($"{scheme}://storage.example.com{port}"), seconds);

    [Fact]
    public void The_signature_is_the_one_that_the_sdk_makes() => Samples.Sample(AssertSameAsSdk, iter: 3_000);

    [Fact]
    public void The_signature_is_the_one_of_amazons_own_example()
    {
        // "Authenticating Requests: Using Query Parameters", Amazon S3 API Reference.
        var presigner = new SigV4Presigner("us-east-1", new("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"));
        var url = presigner.Presign(new PresignRequest
        {
            Method = "GET", Key = "test.txt", SignedAt = new(2013, 5, 24, 0, 0, 0, TimeSpan.Zero), Lifetime = 86_400,
            Address = BucketAddress.VirtualHost(new Uri("https://s3.amazonaws.com"), "examplebucket"),
        });
        Assert.StartsWith("https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&", url, StringComparison.Ordinal);
        Assert.EndsWith("&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404", url, StringComparison.Ordinal);
    }

    [Fact]
    public void A_new_day_and_new_credentials_sign_with_a_new_key()
    {
        var first = new SigningCredentials("FIRST", "secret-1");
        var second = new SigningCredentials("SECOND", "secret-2", "token");
        var presigner = new SigV4Presigner(Region, first);
        var evening = new DateTimeOffset(2026, 1, 1, 23, 59, 59, TimeSpan.Zero);
        Assert.Contains("FIRST%2F20260101%2F", Sign(presigner, evening), StringComparison.Ordinal);
        Assert.Contains("FIRST%2F20260102%2F", Sign(presigner, evening.AddSeconds(1)), StringComparison.Ordinal);
        presigner.Use(second);
        Assert.Equal(Sign(new SigV4Presigner(Region, second), evening.AddSeconds(1)), Sign(presigner, evening.AddSeconds(1)));
        Assert.Same(second, presigner.Credentials);
    }

    [Fact]
    public async Task Credentials_swapped_while_others_sign_never_mix()
    {
        var credentials = Enumerable.Range(0, 4).Select(i => new SigningCredentials($"KEY{i}", $"secret-{i}", $"token-{i}")).ToArray();
        var now = new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
        var right = credentials.SelectMany(one => new[] { now, now.AddDays(1) }.Select(time => Sign(new SigV4Presigner(Region, one), time))).ToHashSet();
        var presigner = new SigV4Presigner(Region, credentials[0]);
        var signers = Enumerable.Range(0, 3).Select(worker => Task.Run(() =>
        {
            for (var i = 0; i < 5_000; i++) Assert.Contains(Sign(presigner, now.AddDays((i + worker) % 2)), right);
        }, TestContext.Current.CancellationToken));
        var swapper = Task.Run(() =>
        {
            for (var i = 0; i < 20_000; i++) presigner.Use(credentials[i % 4]);
        }, TestContext.Current.CancellationToken);
        await Task.WhenAll([.. signers, swapper]);
        presigner.Use(credentials[3]);
        Assert.Contains("KEY3", Sign(presigner, now), StringComparison.Ordinal);
    }

    [Fact]
    public void Signing_allocates_the_url_and_nothing_else()
    {
        var presigner = new SigV4Presigner(Region, new("AKIAIOSFODNN7EXAMPLE", "secret"));
        var now = new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
        var url = Sign(presigner, now);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) Sign(presigner, now);
        var each = (GC.GetAllocatedBytesForCurrentThread() - before) / 100;
        Assert.InRange(each, url.Length * 2, (url.Length * 2) + 64);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(604_801)]
    public void A_lifetime_out_of_range_is_refused(int lifetime) => Assert.Throws<ArgumentException>(() =>
        Sign(new SigV4Presigner(Region, new("KEY", "secret")), DateTimeOffset.UnixEpoch, lifetime));

    [Fact]
    public void Credentials_do_not_print_their_secret()
    {
        var credentials = new SigningCredentials("KEY", "the-secret", "the-token");
        Assert.DoesNotContain("the-", credentials.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("the-", System.Text.Json.JsonSerializer.Serialize(credentials), StringComparison.Ordinal);
    }

    private static readonly BucketAddress Address = BucketAddress.PathStyle(new Uri("http://127.0.0.1:9000"), "bucket");

    private static string Sign(SigV4Presigner presigner, DateTimeOffset at, int lifetime = 60) => presigner.Presign(new PresignRequest
    {
        Method = "GET", Address = Address, Key = "a b/c.jpg", SignedAt = at, Lifetime = lifetime,
    });

    private static void AssertSameAsSdk(Sample sample)
    {
        var theirs = new Uri(SignBySdk(sample), new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        var query = QueryOf(theirs);
        var signedAt = DateTimeOffset.ParseExact(query["X-Amz-Date"], "yyyyMMdd'T'HHmmss'Z'", null, System.Globalization.DateTimeStyles.AssumeUniversal);
        var headers = sample.Headers().ToArray();
        var presigner = new SigV4Presigner(Region, new("AKIDEXAMPLE", "the/secret+key", sample.Token));
        var ours = presigner.Presign(new PresignRequest
        {
            Method = sample.Part > 0 ? "PUT" : "GET",
            Address = sample.PathStyle ? BucketAddress.PathStyle(sample.Endpoint, "bucket-1") : BucketAddress.VirtualHost(sample.Endpoint, "bucket-1"),
            Key = sample.Key,
            Headers = headers,
            Query = sample.Query().ToArray(),
            SignedAt = signedAt,
            Lifetime = int.Parse(query["X-Amz-Expires"], System.Globalization.CultureInfo.InvariantCulture),
        });
        var our = QueryOf(new Uri(ours, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        Assert.Equal(query.OrderBy(pair => pair.Key, StringComparer.Ordinal), our.OrderBy(pair => pair.Key, StringComparer.Ordinal));
        Assert.Equal(theirs.OriginalString.Split('?')[0], ours.Split('?')[0]);
    }

    private static string SignBySdk(Sample sample)
    {
        AWSCredentials credentials = sample.Token is null
            ? new BasicAWSCredentials("AKIDEXAMPLE", "the/secret+key")
            : new SessionAWSCredentials("AKIDEXAMPLE", "the/secret+key", sample.Token);
        using var sdk = new AmazonS3Client(credentials, new AmazonS3Config
        {
            ServiceURL = sample.Endpoint.AbsoluteUri, AuthenticationRegion = Region, ForcePathStyle = sample.PathStyle,
        });
        var request = new GetPreSignedUrlRequest
        {
            BucketName = "bucket-1", Key = sample.Key, Verb = sample.Part > 0 ? HttpVerb.PUT : HttpVerb.GET,
            Expires = DateTime.UtcNow.AddSeconds(sample.Seconds), Protocol = sample.Endpoint.Scheme == "https" ? Protocol.HTTPS : Protocol.HTTP,
        };
        foreach (var (name, value) in sample.Headers()) request.Headers[name] = value;
        foreach (var (name, value) in sample.Parameters) request.Parameters[name] = value;
        if (sample.Part > 0) (request.PartNumber, request.UploadId) = (sample.Part, "2~upload+id/=");
        if (sample.Disposition is not null) request.ResponseHeaderOverrides.ContentDisposition = sample.Disposition;
        return sdk.GetPreSignedURL(request);
    }

    private static Dictionary<string, string> QueryOf(Uri url) => url.OriginalString.Split('?', 2)[1].Split('&')
        .Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => Uri.UnescapeDataString(pair[1]));

    private static Dictionary<string, string> Distinct((string Name, string Value)[] pairs) =>
        pairs.DistinctBy(pair => pair.Name).ToDictionary(pair => pair.Name, pair => pair.Value);

    private sealed record Sample(
        string Key, string? Token, string? ContentType, Dictionary<string, string> Metadata, Dictionary<string, string> Amz, int Part,
        string? Disposition, Dictionary<string, string> Parameters, bool PathStyle, Uri Endpoint, int Seconds)
    {
        /// <summary>All of it, for the message of a failure.</summary>
        public override string ToString() => $"{Endpoint} {(PathStyle ? "path" : "host")} '{Key}' token {Token} {Seconds} s\n"
            + string.Join('\n', Headers().Concat(Query()).Select(pair => $"  {pair.Key}: '{pair.Value}'"));

        public IEnumerable<KeyValuePair<string, string>> Headers()
        {
            if (ContentType is not null) yield return new("content-type", ContentType);
            foreach (var (name, value) in Metadata) yield return new("x-amz-meta-" + name, value);
            foreach (var pair in Amz) yield return pair;
        }

        public IEnumerable<KeyValuePair<string, string>> Query()
        {
            foreach (var pair in Parameters) yield return pair;
            if (Disposition is not null) yield return new("response-content-disposition", Disposition);
            if (Part == 0) yield break;
            yield return new("uploadId", "2~upload+id/=");
            yield return new("partNumber", Part.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
    }
}
