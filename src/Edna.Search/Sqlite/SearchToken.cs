using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Edna.Search.Sqlite;

/// <summary>The words that stand for values in the column <c>terms</c> of the inverted index, so that filters are looked up as words are.</summary>
internal static class SearchToken
{
    public static string OfDataset(int number) => string.Create(CultureInfo.InvariantCulture, $"d{number}");

    public static string OfTerm(int number) => string.Create(CultureInfo.InvariantCulture, $"x{number}");

    /// <summary>Metadata has too many values to give each a number, and is not counted by: a hash of 128 bits stands for field and value.</summary>
    public static string OfMetadata(string field, string value)
    {
        var text = Encoding.UTF8.GetBytes($"{field.Length}:{field}{value}");
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text, hash);
        return "m" + Convert.ToHexStringLower(hash[..16]);
    }
}
