using System.Net.Http.Headers;
using System.Security.Cryptography;
using Edna.Items;
using Xunit;

namespace Edna.Objects;

/// <summary>What every object store must do. One class for each adapter derives from it.</summary>
/// <param name="harness">The store.</param>
public abstract partial class ObjectStoreCompliance(ObjectStoreHarness harness)
{
    private static readonly HttpClient Http = new();

    /// <summary>Keys that are awkward in a URL, in a signature or on a disk; in the order of their bytes.</summary>
    public static readonly string[] OddKeys =
    [
        " leading and trailing ", "!'()*", "#hash?question", "$,:;@", "%", "%20", "%2F", "+plus+", "-dash", ".hidden", "=equals&and=",
        "UPPER/case.JPG", "[brackets]{braces}|^`\\", "a b/c d.png", "a!b", "a", "a.b", "a/", "a//b", "a/b", "a/b/c", "a0", "lower/case.jpg",
        new string('l', 64), new string('l', 64) + "!", new string('l', 64) + "/x", new string('l', 300) + "/" + new string('m', 200), "tilde~~f",
        "upper/case.jpg", "ä/ö ü.jpg", "日本語/写真.png", "\uffee-last-of-the-plane", "😀/🏷️.png",
    ];

    protected IObjectStore Store => harness.Store;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static DateTimeOffset Soon => DateTimeOffset.UtcNow.AddMinutes(5);

    private static ObjectLocation NewPlace(string name = "object") => new(null, $"{Guid.NewGuid():N}/{name}");

    private static byte[] Bytes(int count, int seed = 1)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static ObjectPut Jpeg(byte[] body) => new() { Size = body.Length, ContentType = "image/jpeg" };

    private static Checksum ChecksumOf(string algorithm, byte[] body)
    {
        var crc = new Crc64Nvme();
        crc.Append(body);
        return new()
        {
            Algorithm = algorithm,
            Value = Convert.ToBase64String(algorithm switch
            {
                "md5" => MD5.HashData(body),
                "sha256" => SHA256.HashData(body),
                _ => crc.GetCurrentHash(),
            }),
        };
    }

    /// <summary>Sends a signed request as a client would: its headers exactly, and what the test changes.</summary>
    private static async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, PresignedRequest signed, byte[]? body = null, Action<Dictionary<string, string>>? change = null, string? url = null)
    {
        var headers = signed.Headers.ToDictionary();
        change?.Invoke(headers);
        using var request = new HttpRequestMessage(method, url ?? signed.Url);
        if (body is not null) request.Content = new ByteArrayContent(body);
        foreach (var (name, value) in headers)
        {
            HttpHeaders target = name.StartsWith("content-", StringComparison.Ordinal) ? request.Content!.Headers : request.Headers;
            Assert.True(target.TryAddWithoutValidation(name, value));
        }
        return await Http.SendAsync(request, Ct);
    }

    private async Task<ObjectLocation> StoredAsync(byte[] body, ObjectPut? put = null)
    {
        var at = NewPlace();
        using var answer = await SendAsync(HttpMethod.Put, Store.PresignPut(at, put ?? Jpeg(body), Soon), body);
        Assert.Equal(200, (int)answer.StatusCode);
        return at;
    }

    /// <summary>The store refused, in S3's manner, and has nothing there.</summary>
    private async Task AssertRefusedAsync(HttpResponseMessage answer, int status, ObjectLocation at)
    {
        using (answer)
        {
            Assert.Equal(status, (int)answer.StatusCode);
            Assert.Contains("<Code>", await answer.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        }
        Assert.Null(await Store.HeadAsync(at, Ct));
    }
}
