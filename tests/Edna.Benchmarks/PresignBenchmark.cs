using System.Diagnostics;
using System.Globalization;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Edna.Objects;
using Edna.Storage.S3;
using Edna.Storage.Signing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Edna.Benchmarks;

/// <summary>Signing an upload URL: EDNA's presigner and its whole <c>PresignPut</c>, against the SDK's <c>GetPreSignedURL</c>, one thread.</summary>
public static class PresignBenchmark
{
    private const int Rounds = 10;
    private const int PerRound = 4_000;
    private static readonly string[] Keys = [.. Enumerable.Range(0, 64).Select(i => $"acme/cats/items/mfrggzdfmztwq2lknnwg23tpo{(char)('a' + (i % 26))}/{i + 1}")];

    /// <summary>Runs it.</summary>
    /// <param name="args">None are read.</param>
    public static Task<int> RunAsync(string[] args)
    {
        var endpoint = new Uri("https://s3.eu-central-1.amazonaws.com");
        var options = new S3ObjectOptions
        {
            Bucket = "training-data", Region = "eu-central-1", AccessKeyId = "AKIAIOSFODNN7EXAMPLE", SecretAccessKey = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        };
        var credentials = new S3CredentialSource(options, TimeProvider.System, NullLogger<S3CredentialSource>.Instance);
        using var store = new S3ObjectStore(options, credentials, TimeProvider.System);
        using var sdk = new AmazonS3Client(
            new BasicAWSCredentials(options.AccessKeyId, options.SecretAccessKey),
            new AmazonS3Config { RegionEndpoint = Amazon.RegionEndpoint.EUCentral1 });
        var address = BucketAddress.VirtualHost(endpoint, options.Bucket);
        KeyValuePair<string, string>[] headers = [new("content-length", "123456"), new("content-type", "image/jpeg"), new("if-none-match", "*")];
        var put = new ObjectPut { Size = 123_456, ContentType = "image/jpeg" };

        var contenders = new (string Name, Func<string, string> Sign)[]
        {
            ("presigner alone", key => credentials.Presigner.Presign(new PresignRequest
            {
                Method = "PUT", Address = address, Key = key, Headers = headers, SignedAt = TimeProvider.System.GetUtcNow(), Lifetime = 900,
            })),
            ("S3ObjectStore.PresignPut", key => store.PresignPut(new(null, key), put, TimeProvider.System.GetUtcNow().AddSeconds(901)).Url),
            ("SDK GetPreSignedURL", key => SignBySdk(sdk, options.Bucket, key)),
        };
        var results = Measure([.. contenders.Select(contender => contender.Sign)]);
        Report(contenders.Select(contender => contender.Name), results);
        return Task.FromResult(0);
    }

    private static string SignBySdk(AmazonS3Client sdk, string bucket, string key)
    {
        var request = new GetPreSignedUrlRequest { BucketName = bucket, Key = key, Verb = HttpVerb.PUT, Expires = DateTime.UtcNow.AddSeconds(901) };
        request.Headers.ContentType = "image/jpeg";
        request.Headers["content-length"] = "123456";
        request.Headers["if-none-match"] = "*";
        return sdk.GetPreSignedURL(request);
    }

    /// <summary>Rounds take turns, so that a disturbance of the machine meets all alike; the median round counts.</summary>
    private static (double Microseconds, double Bytes)[] Measure(Func<string, string>[] contenders)
    {
        var times = contenders.Select(_ => new List<double>()).ToArray();
        var bytes = new double[contenders.Length];
        for (var round = -3; round < Rounds; round++)
        {
            for (var i = 0; i < contenders.Length; i++)
            {
                var allocated = GC.GetAllocatedBytesForCurrentThread();
                var started = Stopwatch.GetTimestamp();
                for (var n = 0; n < PerRound; n++) contenders[i](Keys[n % Keys.Length]);
                var elapsed = Stopwatch.GetElapsedTime(started).TotalMicroseconds / PerRound;
                bytes[i] = (GC.GetAllocatedBytesForCurrentThread() - allocated) / (double)PerRound;
                // Rounds below zero warm up.
                if (round >= 0) times[i].Add(elapsed);
            }
        }
        return [.. times.Select((rounds, i) => (rounds.Order().ElementAt(Rounds / 2), bytes[i]))];
    }

    private static void Report(IEnumerable<string> names, (double Microseconds, double Bytes)[] results)
    {
        Console.WriteLine($"{"",-28}{"us a URL",12}{"bytes a URL",14}");
        foreach (var (name, result) in names.Zip(results))
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-28}{result.Microseconds,12:F2}{result.Bytes,14:F0}"));
        var (signer, store, sdk) = (results[0], results[1], results[2]);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"presign ratio={sdk.Microseconds / store.Microseconds:F1} bytes={store.Bytes:F0} ours_us={store.Microseconds:F2} sdk_us={sdk.Microseconds:F2} sdk_bytes={sdk.Bytes:F0} signer_us={signer.Microseconds:F2} signer_bytes={signer.Bytes:F0}"));
    }
}
