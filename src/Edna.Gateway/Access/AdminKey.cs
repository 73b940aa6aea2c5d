using System.Security.Claims;
using Edna.Hosting;

namespace Edna.Access;

/// <summary>
/// The key of whoever runs the service: <c>EDNA_ADMIN_KEY</c>, or one made on the first start. It lies in the data directory as
/// <c>admin.key</c>, readable by the owner alone. Subject <c>admin</c>, tenant <c>default</c>, all permissions.
/// </summary>
internal sealed class AdminKey
{
    /// <summary>The environment variable, and the configuration key.</summary>
    public const string Variable = "EDNA_ADMIN_KEY";

    private AdminKey(string key, string file, bool created)
    {
        (Hash, File, Principal) = (KeyHash.Of(key), file, new Caller(Caller.DefaultTenant, "admin", [Permissions.Admin]).ToPrincipal());
        FirstShown = created ? key : null;
    }

    /// <summary>The key's hash.</summary>
    public KeyHash Hash { get; }

    /// <summary>The file it lies in.</summary>
    public string File { get; }

    /// <summary>Its holder.</summary>
    public ClaimsPrincipal Principal { get; }

    /// <summary>The key itself, on the start that made it; null later.</summary>
    public string? FirstShown { get; }

    /// <summary>Takes the key given, reads the one kept, or makes one.</summary>
    /// <param name="directory">Where it is kept.</param>
    /// <param name="given">The key from the environment; null or empty for none.</param>
    /// <exception cref="ConfigurationException">The key given or kept is not one.</exception>
    public static AdminKey Open(DataDirectory directory, string? given)
    {
        var file = directory.At("admin.key");
        var (key, created) = KeptKey.Open(file, given, Variable);
        return new(key, file, created);
    }
}
