using CsCheck;
using Edna.Objects;
using Xunit;

namespace Edna.Storage.Signing;

public sealed class SigV4VerifierTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly SigV4Presigner Presigner = new("local", new("KEY", "secret"));
    private static readonly BucketAddress Address = BucketAddress.PathStyle(new Uri("http://127.0.0.1:5080/store"), "edna");

    private static readonly Dictionary<string, string> Sent = new()
    {
        ["host"] = "127.0.0.1:5080", ["content-length"] = "10", ["content-type"] = "image/jpeg", ["x-amz-meta-path"] = "a b.jpg",
    };

    [Fact]
    public void What_was_signed_is_found_valid() => Gen.String[0, 40].Sample(key =>
        Assert.Equal(SignatureVerdict.Valid, Verify(Target(key, "attachment; filename=\"a+b & c.jpg\""), Sent)), iter: 2_000);

    [Fact]
    public void Any_changed_character_of_the_url_is_noticed()
    {
        var target = Target("cats/001.jpg", "attachment");
        Gen.Select(Gen.Int[0, target.Length - 1], Gen.Char["abcABC019-_.~/%&=?"]).Sample(change =>
        {
            var (place, character) = change;
            var changed = target[..place] + character + target[(place + 1)..];
            // Two spellings of one request are one request: the case of the hex digits in an escape or in the signature.
            var sameInHex = changed.Equals(target, StringComparison.OrdinalIgnoreCase) && char.IsAsciiHexDigit(target[place]);
            if (changed == target || sameInHex) return;
            Assert.NotEqual(SignatureVerdict.Valid, Verify(changed, Sent));
        }, iter: 5_000);
    }

    [Theory]
    [InlineData("content-length", "11", SignatureVerdict.Mismatch)]
    [InlineData("content-type", "image/png", SignatureVerdict.Mismatch)]
    [InlineData("content-type", null, SignatureVerdict.Mismatch)]
    [InlineData("host", "example.com", SignatureVerdict.Mismatch)]
    [InlineData("x-amz-meta-path", "c.jpg", SignatureVerdict.Mismatch)]
    [InlineData("X-Amz-Tagging", "a=b", SignatureVerdict.UnsignedHeader)]
    [InlineData("x-amz-meta-path", "  a   b.jpg ", SignatureVerdict.Valid)]
    [InlineData("user-agent", "anything", SignatureVerdict.Valid)]
    public void Headers_count_as_they_were_signed(string name, string? value, SignatureVerdict verdict)
    {
        var sent = new Dictionary<string, string>(Sent);
        sent.Remove(name);
        if (value is not null) sent[name] = value;
        Assert.Equal(verdict, Verify(Target("key", null), sent));
    }

    [Theory]
    [InlineData(59, SignatureVerdict.Valid)]
    [InlineData(60, SignatureVerdict.Expired)]
    [InlineData(-899, SignatureVerdict.Valid)]
    [InlineData(-901, SignatureVerdict.NotYetValid)]
    public void A_url_works_from_its_signing_until_it_expires(int seconds, SignatureVerdict verdict) =>
        Assert.Equal(verdict, Verify(Target("key", null), Sent, Now.AddSeconds(seconds)));

    [Fact]
    public void Another_key_region_or_method_is_noticed()
    {
        Assert.Equal(SignatureVerdict.WrongCredential, Verify(Target("key", null, new("local", new("OTHER", "secret"))), Sent));
        Assert.Equal(SignatureVerdict.WrongCredential, Verify(Target("key", null, new("elsewhere", new("KEY", "secret"))), Sent));
        Assert.Equal(SignatureVerdict.Mismatch, Verify(Target("key", null, new("local", new("KEY", "other"))), Sent));
        Assert.Equal(SignatureVerdict.Mismatch, Verify(Target("key", null), Sent, method: "GET"));
    }

    [Theory]
    [InlineData("/store/edna/key", SignatureVerdict.Missing)]
    [InlineData("/store/edna/key?", SignatureVerdict.Missing)]
    [InlineData("/store/edna/key?X-Amz-Signature=1", SignatureVerdict.Malformed)]
    [InlineData("/store/edna/key?a=1&a=2", SignatureVerdict.Malformed)]
    [InlineData("/store/edna/key?a%26b=1", SignatureVerdict.Malformed)]
    public void What_is_not_a_signature_is_told_apart(string target, SignatureVerdict verdict) => Assert.Equal(verdict, Verify(target, Sent));

    [Fact]
    public void Nobody_can_fold_two_parameters_into_one_name()
    {
        var target = Target("key", "attachment").Replace("&response-content-disposition=", "%26response-content-disposition=", StringComparison.Ordinal);
        Assert.NotEqual(SignatureVerdict.Valid, Verify(target, Sent));
    }

    private static string Target(string key, string? disposition, SigV4Presigner? presigner = null)
    {
        var url = (presigner ?? Presigner).Presign(new PresignRequest
        {
            Method = "PUT", Address = Address, Key = key, SignedAt = Now, Lifetime = 60,
            Headers = Sent.Where(header => header.Key != "host").ToArray(),
            Query = disposition is null ? [] : [new("response-content-disposition", disposition)],
        });
        return url["http://127.0.0.1:5080".Length..];
    }

    private static SignatureVerdict Verify(string target, Dictionary<string, string> sent, DateTimeOffset? now = null, string method = "PUT") =>
        new SigV4Verifier(Presigner, new StoppedClock(now ?? Now)).Verify(
            new() { Method = method, RawTarget = target, Header = sent.GetValueOrDefault, HeaderNames = sent.Keys }, out _);
}
