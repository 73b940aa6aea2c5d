using System.IO.Compression;
using System.Text;
using Amazon.DynamoDBv2.Model;

namespace Edna.Storage.Dynamo.State;

/// <summary>
/// A state as a row, with the keys and attributes of Orleans' own DynamoDB provider. That one leaves a row without a state behind when it
/// clears; this one removes the row, and reads the other's as nothing.
/// </summary>
internal static class GrainStateRow
{
    public const string Grain = "GrainReference";
    public const string Name = "GrainType";
    public const string ETag = "ETag";

    /// <summary>The most that DynamoDB takes for an item: 400 KB, names of attributes included.</summary>
    public const int MostBytes = 400 * 1024;

    /// <summary>An attribute of our own: which write the row is from. Our own row is known by it when the answer to its write was lost.</summary>
    public const string Token = "WriteToken";

    private const string State = "GrainState";

    /// <summary>An attribute of our own, which says how the state is packed; most are not.</summary>
    private const string Packing = "GrainStatePacking";

    private const string Brotli = "br";

    /// <summary>A number as DynamoDB counts it: at most this many bytes.</summary>
    private const int NumberBytes = 21;

    /// <summary>The key of a row. The service's id has no underscore, so no two services and grains have one key.</summary>
    public static Dictionary<string, AttributeValue> Key(string service, GrainId grain, string name) => new() { [Grain] = new($"{service}_{grain}"), [Name] = new(name) };

    /// <summary>A row, key included. A state that does not fit as it is, is packed.</summary>
    /// <param name="service">The service's id.</param>
    /// <param name="grain">Whose.</param>
    /// <param name="name">The state's name.</param>
    /// <param name="state">The state.</param>
    /// <param name="etag">The etag that the row gets.</param>
    /// <param name="token">A token that no other write has.</param>
    /// <exception cref="InvalidOperationException">It does not fit at all.</exception>
    public static Dictionary<string, AttributeValue> Write(string service, GrainId grain, string name, byte[] state, long etag, string token)
    {
        var row = Key(service, grain, name);
        (row[ETag], row[Token]) = (DynamoCalls.Number(etag), new(token));
        var room = MostBytes - row.Sum(attribute => Utf8(attribute.Key) + (attribute.Value.S is { } text ? Utf8(text) : NumberBytes)) - Utf8(State);
        var bytes = state;
        if (bytes.Length > room)
        {
            (bytes, row[Packing]) = (Pack(state), new(Brotli));
            room -= Utf8(Packing) + Utf8(Brotli);
        }
        if (bytes.Length > room)
        {
            throw new InvalidOperationException(
                $"The state '{name}' of {grain} is {state.Length} bytes, {bytes.Length} packed; a row of DynamoDB has room for {room}. Nothing was written.");
        }
        row[State] = new() { B = new MemoryStream(bytes, writable: false) };
        return row;
    }

    /// <summary>The state in a row as bytes; null when the row has none.</summary>
    public static byte[]? Read(Dictionary<string, AttributeValue> row)
    {
        if (row.GetValueOrDefault(State)?.B is not { Length: > 0 } stored) return null;
        return row.Text(Packing) switch
        {
            null => stored.ToArray(),
            Brotli => Unpack(stored),
            var other => throw new InvalidDataException($"The state '{row.Text(Name)}' of {row.Text(Grain)} is packed as '{other}': a newer EDNA wrote it."),
        };
    }

    private static int Utf8(string text) => Encoding.UTF8.GetByteCount(text);

    private static byte[] Pack(byte[] state)
    {
        using var packed = new MemoryStream();
        using (var brotli = new BrotliStream(packed, CompressionLevel.Optimal)) brotli.Write(state);
        return packed.ToArray();
    }

    private static byte[] Unpack(MemoryStream stored)
    {
        using var state = new MemoryStream();
        using (var brotli = new BrotliStream(stored, CompressionMode.Decompress)) brotli.CopyTo(state);
        return state.ToArray();
    }
}
