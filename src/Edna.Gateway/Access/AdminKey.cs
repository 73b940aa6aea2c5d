using System.Security.Claims;
using System.Security.Cryptography;
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

    /// <summary>Characters in a key at least.</summary>
    public const int MinLength = 20;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

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
        if (!string.IsNullOrEmpty(given))
        {
            Check(given, Variable);
            Write(file, given, overwrite: true);
            return new(given, file, created: false);
        }
        var made = ApiKeyScheme.Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        if (!System.IO.File.Exists(file) && Write(file, made, overwrite: false)) return new(made, file, created: true);
        var kept = System.IO.File.ReadAllText(file).Trim();
        Check(kept, file);
        if (!OperatingSystem.IsWindows()) System.IO.File.SetUnixFileMode(file, OwnerOnly);
        return new(kept, file, created: false);
    }

    private static void Check(string key, string source)
    {
        var fits = key.StartsWith(ApiKeyScheme.Prefix, StringComparison.Ordinal) && key.Length is >= MinLength and <= ApiKeyScheme.MaxLength
            && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');
        if (!fits) throw new ConfigurationException(source, $"must be {ApiKeyScheme.Prefix} and more, {MinLength} to {ApiKeyScheme.MaxLength} characters of letters, digits, '_' and '-'.");
    }

    /// <summary>Writes beside and renames, so that nobody ever sees half a key or one that others may read.</summary>
    private static bool Write(string file, string key, bool overwrite)
    {
        var beside = $"{file}.{Guid.NewGuid():N}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        using (var stream = new FileStream(beside, options))
        {
            stream.Write(System.Text.Encoding.ASCII.GetBytes(key + "\n"));
            stream.Flush(flushToDisk: true);
        }
        try
        {
            System.IO.File.Move(beside, file, overwrite);
            return true;
        }
        catch (IOException) when (!overwrite && System.IO.File.Exists(file))
        {
            // Another process made the key at the same moment: theirs counts.
            System.IO.File.Delete(beside);
            return false;
        }
    }
}
