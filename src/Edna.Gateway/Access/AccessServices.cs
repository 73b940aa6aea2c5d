using Edna.Events;
using Edna.Hosting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace Edna.Access;

/// <summary>Who may come in: API keys always, tokens when configured, nobody else.</summary>
internal static class AccessServices
{
    private const string Scheme = "Bearer key or token";

    /// <summary>Adds authentication and authorization.</summary>
    public static IServiceCollection AddAccess(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(s => AdminKey.Open(s.GetRequiredService<DataDirectory>(), configuration[AdminKey.Variable]));
        services.AddSingleton(s => CallbackKey.Open(s.GetRequiredService<DataDirectory>(), configuration, s.GetRequiredService<AdminKey>()));
        services.AddSingleton<ApiKeyCache>();
        services.AddSingleton<StandingAccess>();
        services.AddOptions<JwtOptions>().BindConfiguration(JwtOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<JwtOptions>, JwtOptionsCheck>();
        services.AddSingleton<IConfigureOptions<JwtBearerOptions>, JwtSetup>();
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, AccessAnswers>();
        services.AddAuthentication(Scheme)
            .AddPolicyScheme(Scheme, null, o => o.ForwardDefaultSelector = SchemeOf)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyScheme>(ApiKeyScheme.Name, null)
            .AddJwtBearer();
        var authorization = services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        foreach (var permission in Permissions.All)
            authorization.AddPolicy(permission, p => p.RequireAuthenticatedUser().AddRequirements(new PermissionRequirement(permission)));
        return services;
    }

    /// <summary>What is not an API key is a token, if tokens are accepted at all.</summary>
    private static string SchemeOf(HttpContext http) =>
        ApiKeyScheme.TokenOf(http) is { } token && !token.StartsWith(ApiKeyScheme.Prefix, StringComparison.Ordinal)
            && http.RequestServices.GetRequiredService<IOptions<JwtOptions>>().Value.Enabled
            ? JwtBearerDefaults.AuthenticationScheme
            : ApiKeyScheme.Name;
}
