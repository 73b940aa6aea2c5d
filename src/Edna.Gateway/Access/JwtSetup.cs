using System.Security.Claims;
using System.Text.Json;
using Edna.Results;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Edna.Access;

/// <summary>Sets JWT bearer up from <see cref="JwtOptions"/> and turns a token's claims into a <see cref="Caller"/>.</summary>
internal sealed class JwtSetup(IOptions<JwtOptions> settings) : IConfigureNamedOptions<JwtBearerOptions>
{
    /// <inheritdoc />
    public void Configure(JwtBearerOptions options) => Configure(JwtBearerDefaults.AuthenticationScheme, options);

    /// <inheritdoc />
    public void Configure(string? name, JwtBearerOptions options)
    {
        var jwt = settings.Value;
        options.MapInboundClaims = false;
        options.RequireHttpsMetadata = jwt.RequireHttpsMetadata;
        options.Audience = jwt.Audience;
        if (jwt.Authority is { Length: > 0 }) options.Authority = jwt.Authority;
        if (jwt.MetadataAddress is { Length: > 0 }) options.MetadataAddress = jwt.MetadataAddress;
        if (jwt.JwksUri is { Length: > 0 }) options.ConfigurationManager = KeysAt(jwt);
        options.TokenValidationParameters.ValidIssuer = jwt.Issuer is { Length: > 0 } ? jwt.Issuer : null;
        options.TokenValidationParameters.ValidateIssuer = true;
        options.TokenValidationParameters.ValidateAudience = true;
        options.TokenValidationParameters.RequireExpirationTime = true;
        options.TokenValidationParameters.RequireSignedTokens = true;
        options.TokenValidationParameters.ClockSkew = TimeSpan.FromSeconds(30);
        // Algorithms that sign with a key pair only: a public key must never pass as a shared secret.
        options.TokenValidationParameters.ValidAlgorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];
        options.Events = new() { OnTokenValidated = OnValidated, OnAuthenticationFailed = OnFailed };
    }

    private Task OnValidated(TokenValidatedContext context)
    {
        var claims = context.Principal!;
        // Some issuers leave a machine's token without a subject; its client, or the issuer itself, stands in the history then.
        var subject = claims.FindFirstValue("sub") ?? claims.FindFirstValue("azp") ?? claims.FindFirstValue("client_id") ?? claims.FindFirstValue("iss");
        var tenant = claims.FindFirstValue(settings.Value.TenantClaim) ?? Caller.DefaultTenant;
        if (string.IsNullOrEmpty(subject) || subject.Length > 256)
            context.Fail(Note(context.HttpContext, AccessErrors.Invalid("The token has no usable 'sub'.")).Code);
        else if (!TenantName.IsValid(tenant))
            context.Fail(Note(context.HttpContext, AccessErrors.Invalid($"The token's '{settings.Value.TenantClaim}' is not a tenant's name: 1 to 63 of a-z, 0-9, '-' and '_'.")).Code);
        else
            context.Principal = new Caller(tenant, subject, GrantedBy(claims, settings.Value.PermissionsClaim)).ToPrincipal();
        return Task.CompletedTask;
    }

    private static async Task OnFailed(AuthenticationFailedContext context)
    {
        // Without the issuer's keys no token can be checked: it may well be good.
        Note(context.HttpContext, await HasKeysAsync(context) ? Meaning(context.Exception) : RequestErrors.Unavailable("The token issuer"));
    }

    private static async Task<bool> HasKeysAsync(AuthenticationFailedContext context)
    {
        if (context.Options.ConfigurationManager is not { } keys) return true;
        try
        {
            await keys.GetConfigurationAsync(context.HttpContext.RequestAborted);
            return true;
        }
        catch (Exception fault) when (fault is InvalidOperationException or IOException or HttpRequestException)
        {
            return false;
        }
    }

    private static Problem Meaning(Exception fault) => fault switch
    {
        SecurityTokenExpiredException => AccessErrors.Expired(),
        SecurityTokenInvalidAudienceException => AccessErrors.Invalid("The token was made for another audience."),
        SecurityTokenInvalidIssuerException => AccessErrors.Invalid("The token comes from another issuer."),
        SecurityTokenNotYetValidException => AccessErrors.Invalid("The token is not valid yet."),
        _ => AccessErrors.Invalid("The token's signature or form is not accepted."),
    };

    /// <summary>The permissions in a token: those that are EDNA's, from the claim set for it and from <c>scope</c>.</summary>
    internal static IEnumerable<string> GrantedBy(ClaimsPrincipal claims, string claim) =>
        claims.FindAll(claim).Concat(claims.FindAll("scope"))
            .SelectMany(c => c.Value.StartsWith('[') ? ArrayOf(c.Value) : c.Value.Split(' '))
            .Where(Permissions.All.Contains);

    private static IEnumerable<string> ArrayOf(string json)
    {
        using var document = JsonDocument.Parse(json);
        return [.. document.RootElement.EnumerateArray().Where(e => e.ValueKind == JsonValueKind.String).Select(e => e.GetString()!)];
    }

    private static Problem Note(HttpContext http, Problem problem)
    {
        http.Features.Set(new AccessFault(problem));
        return problem;
    }

    private static ConfigurationManager<OpenIdConnectConfiguration> KeysAt(JwtOptions jwt) => new(
        jwt.JwksUri, new KeySetRetriever(jwt.Issuer!), new HttpDocumentRetriever { RequireHttps = jwt.RequireHttpsMetadata });

    private sealed class KeySetRetriever(string issuer) : IConfigurationRetriever<OpenIdConnectConfiguration>
    {
        public async Task<OpenIdConnectConfiguration> GetConfigurationAsync(string address, IDocumentRetriever retriever, CancellationToken cancel)
        {
            var keys = new JsonWebKeySet(await retriever.GetDocumentAsync(address, cancel));
            var configuration = new OpenIdConnectConfiguration { Issuer = issuer, JsonWebKeySet = keys };
            foreach (var key in keys.GetSigningKeys()) configuration.SigningKeys.Add(key);
            return configuration;
        }
    }
}
