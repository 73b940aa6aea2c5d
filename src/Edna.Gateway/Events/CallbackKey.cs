using System.Text;
using Edna.Access;
using Edna.Hosting;
using Edna.Results;

namespace Edna.Events;

/// <summary>
/// The key of whoever sends object events: <c>Edna:Callbacks:Key</c> or <c>EDNA_CALLBACK_KEY</c>, or one made on the first start, kept
/// in the data directory as <c>callback.key</c>. It opens the callback and nothing else, and nothing else opens the callback.
/// </summary>
internal sealed class CallbackKey
{
    /// <summary>The configuration key.</summary>
    public const string Setting = "Edna:Callbacks:Key";

    /// <summary>The environment variable.</summary>
    public const string Variable = "EDNA_CALLBACK_KEY";

    /// <summary>The query parameter, for senders that can set no header.</summary>
    public const string Parameter = "key";

    private const string Basic = "Basic ";
    private readonly KeyHash hash;

    private CallbackKey(KeyHash hash) => this.hash = hash;

    /// <summary>Takes the key given, reads the one kept, or makes one.</summary>
    /// <param name="directory">Where it is kept.</param>
    /// <param name="configuration">The root of the configuration.</param>
    /// <param name="admin">The admin's key, which this must not be.</param>
    /// <exception cref="ConfigurationException">The key given or kept is not one.</exception>
    public static CallbackKey Open(DataDirectory directory, IConfiguration configuration, AdminKey admin)
    {
        var (given, source) = configuration[Setting] is { Length: > 0 } setting ? (setting, Setting) : (configuration[Variable], Variable);
        var (key, _) = KeptKey.Open(directory.At("callback.key"), given, source);
        var hash = KeyHash.Of(key);
        return hash.IsSame(admin.Hash) ? throw new ConfigurationException(source, "must not be the admin's key: it stands in addresses.") : new(hash);
    }

    /// <summary>Why a request is refused; null when it has the key, as a bearer token, as a basic password, or as <c>?key=</c>.</summary>
    /// <param name="request">The request.</param>
    public Problem? FaultOf(HttpRequest request)
    {
        if (Given(request) is not { Length: > 0 } given) return AccessErrors.Missing();
        return given.Length <= ApiKeyScheme.MaxLength && hash.IsSame(KeyHash.Of(given)) ? null : AccessErrors.NotTheCallbackKey();
    }

    private static string? Given(HttpRequest request)
    {
        if (ApiKeyScheme.TokenOf(request.HttpContext) is { } token) return token;
        if (request.Headers.Authorization is [{ } header] && header.StartsWith(Basic, StringComparison.OrdinalIgnoreCase)) return PasswordOf(header[Basic.Length..].Trim());
        return request.Query[Parameter] is [{ } key] ? key : null;
    }

    /// <summary>The password of basic credentials; an empty one leaves the user's name, for senders that have one field only.</summary>
    private static string? PasswordOf(string encoded)
    {
        var bytes = new byte[ApiKeyScheme.MaxLength * 2];
        if (!Convert.TryFromBase64String(encoded, bytes, out var length)) return "?";
        var pair = Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2);
        return pair is [_, { Length: > 0 } password] ? password : pair[0];
    }
}
