using System.Security.Cryptography;

namespace Edna.Access;

/// <summary>A key that lies in a file of the data directory, readable by the owner alone.</summary>
internal static class KeptKey
{
    /// <summary>Characters in a key at least.</summary>
    public const int MinLength = 20;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Takes the key given, reads the one kept, or makes one.</summary>
    /// <param name="file">Where it is kept.</param>
    /// <param name="given">The key from the configuration; null or empty for none.</param>
    /// <param name="source">Where that stands, for messages.</param>
    /// <returns>The key, and whether it was made just now.</returns>
    /// <exception cref="Hosting.ConfigurationException">The key given or kept is not one.</exception>
    public static (string Key, bool Created) Open(string file, string? given, string source)
    {
        if (!string.IsNullOrEmpty(given))
        {
            Check(given, source);
            Write(file, given, overwrite: true);
            return (given, false);
        }
        var made = ApiKeyScheme.Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        if (!File.Exists(file) && Write(file, made, overwrite: false)) return (made, true);
        var kept = File.ReadAllText(file).Trim();
        Check(kept, file);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, OwnerOnly);
        return (kept, false);
    }

    private static void Check(string key, string source)
    {
        var fits = key.StartsWith(ApiKeyScheme.Prefix, StringComparison.Ordinal) && key.Length is >= MinLength and <= ApiKeyScheme.MaxLength
            && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');
        if (!fits) throw new Hosting.ConfigurationException(source, $"must be {ApiKeyScheme.Prefix} and more, {MinLength} to {ApiKeyScheme.MaxLength} characters of letters, digits, '_' and '-'.");
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
            File.Move(beside, file, overwrite);
            return true;
        }
        catch (IOException) when (!overwrite && File.Exists(file))
        {
            // Another process made the key at the same moment: theirs counts.
            File.Delete(beside);
            return false;
        }
    }
}
