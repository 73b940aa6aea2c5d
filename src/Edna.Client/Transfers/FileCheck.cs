using System.Security.Cryptography;

namespace Edna.Client;

/// <summary>Compares a file with what is known of an item's bytes.</summary>
internal static class FileCheck
{
    public static Problem OtherBytes { get; } = new()
    {
        Code = "client.checksum_mismatch", Title = "The bytes are not the item's.",
        Detail = "What was downloaded has another size or checksum than the item; it was not kept.",
    };

    /// <summary>Whether the checksum is of a kind that is computed here.</summary>
    public static bool CanCompute(Checksum? checksum) => checksum?.Algorithm is "sha256" or "md5";

    /// <summary>Whether the file is there with the size and, where it can be computed, the checksum.</summary>
    public static async Task<bool> MatchesAsync(string file, long size, Checksum? checksum, CancellationToken ct)
    {
        if (new FileInfo(file) is not { Exists: true } info || info.Length != size) return false;
        if (!CanCompute(checksum)) return true;
        await using var bytes = StoreTransfer.OpenRead(file);
        var hash = checksum!.Algorithm == "md5" ? await MD5.HashDataAsync(bytes, ct) : await SHA256.HashDataAsync(bytes, ct);
        return Convert.ToBase64String(hash) == checksum.Value;
    }
}
