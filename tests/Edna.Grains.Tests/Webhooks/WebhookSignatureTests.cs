using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Edna.Webhooks;
using Xunit;

namespace Edna.Grains.Tests.Webhooks;

public sealed class WebhookSignatureTests
{
    [Fact]
    public void The_known_message_of_the_specifications_libraries_has_the_known_signature() => Assert.Equal(
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        WebhookSignature.Header("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, "{\"test\": 2432232314}"u8, ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]));

    [Fact]
    public void A_new_secret_is_of_the_form_and_size_that_the_specification_asks_for()
    {
        var made = Enumerable.Range(0, 100).Select(_ => WebhookSignature.NewSecret()).ToArray();
        Assert.Equal(100, made.Distinct().Count());
        Assert.All(made, s => Assert.InRange(Convert.FromBase64String(s["whsec_".Length..]).Length, 24, 64));
    }

    [Fact]
    public void Every_secret_signs_for_itself_and_every_byte_counts() => Gen.Select(Gen.Byte.Array[0, 300], Gen.Int[1, 4], Gen.Long[0, 4_000_000_000]).Sample((body, count, timestamp) =>
    {
        var secrets = Enumerable.Range(0, count).Select(_ => WebhookSignature.NewSecret()).ToArray();
        var header = WebhookSignature.Header("msg_a", timestamp, body, secrets).Split(' ');
        Assert.Equal(secrets.Select(s => Verified(s, $"msg_a.{timestamp}.", body)), header);
        Assert.Empty(header.Intersect(WebhookSignature.Header("msg_a", timestamp, [.. body, 0], secrets).Split(' ')));
        Assert.Empty(header.Intersect(WebhookSignature.Header("msg_a", timestamp + 1, body, secrets).Split(' ')));
        Assert.Empty(header.Intersect(WebhookSignature.Header("msg_b", timestamp, body, secrets).Split(' ')));
    }, iter: 1_000);

    /// <summary>The signature as a receiver computes it, by the specification's words.</summary>
    private static string Verified(string secret, string head, byte[] body)
    {
        using var hmac = new HMACSHA256(Convert.FromBase64String(secret["whsec_".Length..]));
        return "v1," + Convert.ToBase64String(hmac.ComputeHash([.. Encoding.UTF8.GetBytes(head), .. body]));
    }
}
