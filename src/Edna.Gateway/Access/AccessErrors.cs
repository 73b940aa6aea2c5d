using Edna.Results;

namespace Edna.Access;

/// <summary>What can be wrong with who asks.</summary>
public static class AccessErrors
{
    /// <summary><c>auth.missing</c>.</summary>
    public static Problem Missing() => new()
    {
        Code = "auth.missing", Status = 401, Title = "The request says not who it comes from.",
        Detail = "Send 'Authorization: Bearer …' with an API key (edna_…) or a token of the configured issuer.",
    };

    /// <summary><c>auth.invalid</c>.</summary>
    /// <param name="why">What is wrong with it, without repeating it.</param>
    public static Problem Invalid(string why) => new()
    {
        Code = "auth.invalid", Status = 401, Title = "The credentials are not accepted.", Detail = why,
    };

    /// <summary><c>auth.expired</c>.</summary>
    public static Problem Expired() => new()
    {
        Code = "auth.expired", Status = 401, Title = "The credentials have expired.", Detail = "Get a new token or key and send the request again.",
    };

    /// <summary><c>auth.forbidden</c>, where only the callback key opens.</summary>
    public static Problem NotTheCallbackKey() => new()
    {
        Code = "auth.forbidden", Status = 403, Title = "The caller may not do this.",
        Detail = "Object events are taken from who has the callback key (Edna:Callbacks:Key, or callback.key in the data directory); no other key or token will do.",
    };

    /// <summary><c>auth.forbidden</c>, where only those who run the service may go.</summary>
    public static Problem NotTheOperator() => new()
    {
        Code = "auth.forbidden", Status = 403, Title = "The caller may not do this.",
        Detail = "This concerns all tenants: use a key or token of the default tenant with the permission 'admin'.",
    };

    /// <summary><c>auth.forbidden</c>.</summary>
    /// <param name="permission">The permission that is missing.</param>
    public static Problem Forbidden(string permission) => new()
    {
        Code = "auth.forbidden", Status = 403, Title = "The caller may not do this.",
        Detail = $"The permission '{permission}' is missing. Use a key or token that has it.",
    };
}
