using System.Security.Cryptography;
using System.Text;
using Edna.Hosting;
using Edna.Storage.Signing;

namespace Edna.Storage.Files;

/// <summary>The file store's own secret, made at random on first use and kept in <c>store.key</c>, readable by its owner alone.</summary>
internal static class StoreKey
{
    private const string FileName = "store.key";
    private const int SecretLength = 43;

    /// <summary>The region that stands in the file store's signatures.</summary>
    public const string Region = "local";

    /// <summary>The credentials that the secret makes.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static SigningCredentials Read(DataDirectory data)
    {
        var path = data.At(FileName);
        if (!File.Exists(path)) Create(data, path);
        var secret = File.ReadAllText(path).Trim();
        if (secret.Length != SecretLength)
            throw new InvalidDataException($"'{path}' does not hold a key of the file store. Remove it to have a new one made; URLs signed before stop working.");
        return new("edna-files", secret);
    }

    private static void Create(DataDirectory data, string path)
    {
        var temporary = data.At($"{FileName}.{Guid.NewGuid():N}");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(temporary, options))
        {
            file.Write(Encoding.ASCII.GetBytes(System.Buffers.Text.Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32))));
            file.Flush(flushToDisk: true);
        }
        // Another process may have made one at the same moment: the first stands.
        if (Posix.Publish(temporary, path) == Posix.LinkResult.Taken) File.Delete(temporary);
        Posix.SyncFolder(data.Path);
    }
}
