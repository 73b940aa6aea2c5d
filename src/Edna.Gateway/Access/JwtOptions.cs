using Microsoft.Extensions.Options;

namespace Edna.Access;

/// <summary>Which tokens are accepted: <c>Edna:Auth:Jwt</c>. None while neither an issuer nor an authority is set.</summary>
internal sealed class JwtOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Edna:Auth:Jwt";

    /// <summary>The issuer's address, from which keys are found by OpenID Connect discovery.</summary>
    public string? Authority { get; set; }

    /// <summary>The exact <c>iss</c>; the authority's own when left out.</summary>
    public string? Issuer { get; set; }

    /// <summary>The <c>aud</c> that a token must have.</summary>
    public string? Audience { get; set; }

    /// <summary>The address of the key set, where there is no discovery.</summary>
    public string? JwksUri { get; set; }

    /// <summary>The address of the discovery document, where it is not the authority's usual one.</summary>
    public string? MetadataAddress { get; set; }

    /// <summary>False allows http, for tests on one machine.</summary>
    public bool RequireHttpsMetadata { get; set; } = true;

    /// <summary>The claim that names the tenant; tokens without it belong to <c>default</c>.</summary>
    public string TenantClaim { get; set; } = "https://edna.dev/tenant";

    /// <summary>The claim that lists permissions: an array (Auth0's <c>permissions</c>) or a string with spaces. <c>scope</c> is read beside it.</summary>
    public string PermissionsClaim { get; set; } = "permissions";

    /// <summary>Whether tokens are accepted at all.</summary>
    public bool Enabled => Authority is { Length: > 0 } || Issuer is { Length: > 0 } || JwksUri is { Length: > 0 } || MetadataAddress is { Length: > 0 };
}

/// <summary>Finds settings that cannot work, before the first request.</summary>
internal sealed class JwtOptionsCheck : IValidateOptions<JwtOptions>
{
    /// <inheritdoc />
    public ValidateOptionsResult Validate(string? name, JwtOptions options)
    {
        if (!options.Enabled)
            return options.Audience is null ? ValidateOptionsResult.Success : Wrong("Audience", "needs Authority, or Issuer with JwksUri, beside it.");
        var faults = new List<string>();
        if (string.IsNullOrWhiteSpace(options.Audience)) faults.Add(Text("Audience", "must be set, so that tokens made for others are refused."));
        if (options is { Authority: null or "", MetadataAddress: null or "", JwksUri: null or "" }) faults.Add(Text("JwksUri", "or Authority must be set beside Issuer."));
        if (options.JwksUri is { Length: > 0 } && string.IsNullOrWhiteSpace(options.Issuer)) faults.Add(Text("Issuer", "must be set beside JwksUri."));
        CheckAddress(nameof(options.Authority), options.Authority, options, faults);
        CheckAddress(nameof(options.JwksUri), options.JwksUri, options, faults);
        CheckAddress(nameof(options.MetadataAddress), options.MetadataAddress, options, faults);
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static void CheckAddress(string key, string? value, JwtOptions options, List<string> faults)
    {
        if (string.IsNullOrEmpty(value)) return;
        if (!Uri.TryCreate(value, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https")) faults.Add(Text(key, $"must be an http(s) address, not '{value}'."));
        else if (uri.Scheme == "http" && options.RequireHttpsMetadata) faults.Add(Text(key, "must be https; RequireHttpsMetadata=false allows http."));
    }

    private static ValidateOptionsResult Wrong(string key, string reason) => ValidateOptionsResult.Fail(Text(key, reason));

    private static string Text(string key, string reason) => $"{JwtOptions.Section}:{key}: {reason}";
}
