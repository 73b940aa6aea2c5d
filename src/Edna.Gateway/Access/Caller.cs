using System.Security.Claims;

namespace Edna.Access;

/// <summary>Who a request comes from and what they may do.</summary>
internal sealed class Caller
{
    /// <summary>The tenant where nobody set up another.</summary>
    public const string DefaultTenant = "default";

    private readonly HashSet<string> permissions;

    /// <summary>Takes a caller.</summary>
    /// <param name="tenant">A valid tenant name.</param>
    /// <param name="subject">The name that stands in histories.</param>
    /// <param name="granted">The permissions given, <see cref="Permissions"/>; what they imply is added.</param>
    public Caller(string tenant, string subject, IEnumerable<string> granted)
    {
        (Tenant, Subject) = (tenant, subject);
        permissions = Imply([.. granted]);
    }

    /// <summary>The tenant.</summary>
    public string Tenant { get; }

    /// <summary>The name that stands in histories.</summary>
    public string Subject { get; }

    /// <summary>Whether the caller has a permission.</summary>
    public bool May(string permission) => permissions.Contains(permission);

    /// <summary>The caller as a principal.</summary>
    public ClaimsPrincipal ToPrincipal() => new(new CallerIdentity(this));

    /// <summary>Who a request comes from. Only where the route asks for a permission.</summary>
    public static Caller Of(HttpContext http) => (http.User.Identity as CallerIdentity)?.Caller
        ?? throw new InvalidOperationException("The route lets callers in whom nobody has checked.");

    /// <summary>Binds a handler's argument.</summary>
    public static ValueTask<Caller> BindAsync(HttpContext context) => new(Of(context));

    private static HashSet<string> Imply(HashSet<string> granted)
    {
        if (granted.Contains(Permissions.Admin)) granted.UnionWith(Permissions.All);
        if (granted.Contains(Permissions.Write) || granted.Contains(Permissions.Label)) granted.Add(Permissions.Read);
        return granted;
    }
}

/// <summary>An identity that carries its <see cref="Access.Caller"/>.</summary>
internal sealed class CallerIdentity(Caller caller) : ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, caller.Subject)], "Bearer")
{
    /// <summary>The caller.</summary>
    public Caller Caller { get; } = caller;
}
