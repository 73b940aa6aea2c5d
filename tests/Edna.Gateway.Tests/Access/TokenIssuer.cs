using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Edna.Gateway.Tests.Access;

/// <summary>Signs tokens with an RSA key of its own and serves that key's set on loopback.</summary>
internal sealed class TokenIssuer : IAsyncDisposable
{
    public const string Name = "https://issuer.test/";
    public const string Audience = "edna";

    private readonly RSA key = RSA.Create(2048);
    private readonly WebApplication app;

    private TokenIssuer() => app = WebApplication.CreateSlimBuilder(["--urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=None"]).Build();

    public string JwksUri => $"{app.Urls.First()}/jwks";

    public static async Task<TokenIssuer> StartAsync()
    {
        var issuer = new TokenIssuer();
        var parameters = issuer.key.ExportParameters(includePrivateParameters: false);
        var set = JsonSerializer.Serialize(new { keys = new[] { new { kty = "RSA", use = "sig", alg = "RS256", kid = "k1", n = Url(parameters.Modulus!), e = Url(parameters.Exponent!) } } });
        issuer.app.MapGet("/jwks", (RequestDelegate)(http => http.Response.WriteAsync(set)));
        await issuer.app.StartAsync();
        return issuer;
    }

    /// <summary>Signs a token; <c>claims</c> are added to, or replace, those of a good one.</summary>
    public string Sign(Dictionary<string, object?>? claims = null, string algorithm = "RS256")
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var all = new Dictionary<string, object?> { ["iss"] = Name, ["aud"] = Audience, ["sub"] = "auth0|ann", ["iat"] = now, ["exp"] = now + 600 };
        foreach (var (name, value) in claims ?? []) all[name] = value;
        foreach (var name in all.Where(c => c.Value is null).Select(c => c.Key).ToList()) all.Remove(name);
        var text = $"{Url(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new { alg = algorithm, typ = "JWT", kid = "k1" })))}.{Url(JsonSerializer.SerializeToUtf8Bytes(all))}";
        return $"{text}.{Url(SignatureOf(Encoding.ASCII.GetBytes(text), algorithm))}";
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        key.Dispose();
    }

    private byte[] SignatureOf(byte[] text, string algorithm) => algorithm switch
    {
        "none" => [],
        // The classic mix-up: the public key, which anybody can have, used as a shared secret.
        "HS256" => HMACSHA256.HashData(Encoding.ASCII.GetBytes(key.ExportSubjectPublicKeyInfoPem()), text),
        _ => key.SignData(text, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
    };

    private static string Url(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
