using System.Security.Claims;
using System.Text;
using System.Text.Encodings.Web;
using Edna.Operators;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Edna.Access;

/// <summary>Checks <c>Authorization: Bearer edna_…</c>: the admin key, or a key <c>edna_&lt;id&gt;_&lt;secret&gt;</c> that its grain knows.</summary>
internal sealed class ApiKeyScheme(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder,
    AdminKey admin, ApiKeyCache cache, IGrainFactory grains) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    /// <summary>The scheme's name.</summary>
    public const string Name = "ApiKey";

    /// <summary>What every key starts with.</summary>
    public const string Prefix = "edna_";

    /// <summary>Characters in a key's id.</summary>
    public const int IdLength = 16;

    /// <summary>Characters in a key at most.</summary>
    public const int MaxLength = 256;

    private const string Bearer = "Bearer ";
    private const string Basic = "Basic ";

    /// <summary>The token of a request; null when there is none. On the routes of <see cref="OperatorRoute"/> it may be the password of Basic authentication.</summary>
    public static string? TokenOf(HttpContext http)
    {
        if (http.Request.Headers.Authorization is not [{ } value]) return null;
        if (value.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)) return value[Bearer.Length..].Trim();
        return value.StartsWith(Basic, StringComparison.OrdinalIgnoreCase) && OperatorRoute.IsOf(http) ? PasswordOf(value[Basic.Length..].Trim()) : null;
    }

    private static string? PasswordOf(string credentials)
    {
        Span<byte> utf8 = stackalloc byte[2 * MaxLength];
        if (!Convert.TryFromBase64String(credentials, utf8, out var length)) return null;
        var text = Encoding.UTF8.GetString(utf8[..length]);
        return text.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon ? text[(colon + 1)..] : null;
    }

    /// <inheritdoc />
    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Request.Headers.Authorization.Count == 0) return AuthenticateResult.NoResult();
        var token = TokenOf(Context);
        if (token is null) return Refuse("The Authorization header must be one 'Bearer' and a key or token.");
        if (!token.StartsWith(Prefix, StringComparison.Ordinal) || token.Length > MaxLength) return Refuse("The token is not an API key of this service, and no token issuer is configured.");
        var hash = KeyHash.Of(token);
        if (admin.Hash.IsSame(hash)) return Accept(admin.Principal);
        if (!cache.TryGet(hash, out var holder)) holder = await AskAsync(token, hash);
        return holder is null ? Refuse("The API key is not known, has expired, or was revoked.") : Accept(holder);
    }

    private async Task<ClaimsPrincipal?> AskAsync(string token, KeyHash hash)
    {
        if (IdOf(token) is not { } id) return null;
        var holder = await grains.GetGrain<IApiKeyGrain>(id).VerifyAsync(hash.ToBytes());
        var principal = holder is null ? null : new Caller(holder.Tenant, holder.Subject, holder.Scopes).ToPrincipal();
        cache.Set(hash, principal, holder?.ExpiresAt);
        return principal;
    }

    private static string? IdOf(string token)
    {
        if (token.Length <= Prefix.Length + IdLength || token[Prefix.Length + IdLength] != '_') return null;
        var id = token.Substring(Prefix.Length, IdLength);
        return IsId(id) ? id : null;
    }

    /// <summary>Whether a text has the form of a key's id.</summary>
    public static bool IsId(string text) => text.Length == IdLength && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c));

    private AuthenticateResult Refuse(string why) => AccessFault.Refuse(Context, AccessErrors.Invalid(why));

    private static AuthenticateResult Accept(ClaimsPrincipal principal) => AuthenticateResult.Success(new(principal, Name));
}
