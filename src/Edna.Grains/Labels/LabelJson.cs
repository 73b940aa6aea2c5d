using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Edna.Labels;

/// <summary>How label documents are written in the bucket.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(LabelDocument))]
[JsonSerializable(typeof(PutLabels))]
internal sealed partial class LabelJson : JsonSerializerContext
{
    /// <summary>The bytes of a document.</summary>
    public static byte[] Write(LabelDocument document) => JsonSerializer.SerializeToUtf8Bytes(document, Default.LabelDocument);

    /// <summary>A document from its bytes.</summary>
    public static LabelDocument Read(byte[] body) =>
        JsonSerializer.Deserialize(body, Default.LabelDocument) ?? throw new JsonException("A label document is empty.");

    /// <summary>SHA-256 of what a client said, base64: two requests with the same digest ask for the same.</summary>
    public static string Digest(IReadOnlyList<Annotation> annotations, LabelStatus status) =>
        Convert.ToBase64String(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(
            new PutLabels { Annotations = annotations, Status = status }, Default.PutLabels)));
}
