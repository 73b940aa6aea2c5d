using System.Text;
using System.Xml;

namespace Edna.Store;

/// <summary>An error as S3 tells it, so that S3's own clients understand the file store.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">S3's code.</param>
/// <param name="Message">What is wrong, for people.</param>
internal sealed record StoreError(int Status, string Code, string Message)
{
    public static readonly StoreError NoSignature = new(403, "AccessDenied", "This address answers only to signed URLs.");
    public static readonly StoreError Malformed =
        new(400, "AuthorizationQueryParametersError", "A parameter of the signature is missing, given twice or unreadable.");
    public static readonly StoreError WrongCredential = new(403, "InvalidAccessKeyId", "The URL was not signed by this store.");
    public static readonly StoreError Expired = new(403, "AccessDenied", "Request has expired");
    public static readonly StoreError NotYetValid = new(403, "AccessDenied", "Request is not valid yet");
    public static readonly StoreError UnsignedHeader = new(403, "AccessDenied", "There were headers present in the request which were not signed");
    public static readonly StoreError Mismatch = new(403, "SignatureDoesNotMatch",
        "The request is not the one that was signed: its method, path, query, or a signed header differs.");
    public static readonly StoreError NoSuchKey = new(404, "NoSuchKey", "The specified key does not exist.");
    public static readonly StoreError NoSuchUpload = new(404, "NoSuchUpload",
        "The specified multipart upload does not exist. The upload ID might be invalid, or the multipart upload might have been aborted or completed.");
    public static readonly StoreError InvalidPartNumber =
        new(400, "InvalidArgument", "A part needs an uploadId and a partNumber, an integer between 1 and 10000, inclusive");
    public static readonly StoreError MethodNotAllowed = new(405, "MethodNotAllowed", "Signed URLs are for GET, HEAD and PUT.");
    public static readonly StoreError MissingContentLength = new(411, "MissingContentLength", "You must provide the Content-Length HTTP header.");
    public static readonly StoreError PreconditionFailed =
        new(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold");
    public static readonly StoreError InvalidRange = new(416, "InvalidRange", "The requested range is not satisfiable");
    public static readonly StoreError IncompleteBody =
        new(400, "IncompleteBody", "You did not provide the number of bytes specified by the Content-Length HTTP header");
    public static readonly StoreError BadDigest = new(400, "BadDigest", "The checksum you specified did not match what we received.");
    public static readonly StoreError InvalidDigest = new(400, "InvalidDigest", "The checksum you specified is not valid.");
    public static readonly StoreError InvalidTag = new(400, "InvalidTag", "The tagging header is not valid.");
    public static readonly StoreError KeyTooLong = new(400, "KeyTooLongError", "Your key is too long");
    public static readonly StoreError EntityTooLarge = new(400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size");
    public static readonly StoreError NotImplemented = new(501, "NotImplemented", "A header you provided implies functionality that is not implemented");
    public static readonly StoreError Unavailable = new(503, "ServiceUnavailable", "The object store is not available. Try again.");

    /// <summary>Answers with it; to HEAD with the status alone.</summary>
    public async Task WriteAsync(HttpContext context)
    {
        var response = context.Response;
        response.StatusCode = Status;
        if (Status == StatusCodes.Status503ServiceUnavailable) response.Headers.RetryAfter = "2";
        if (HttpMethods.IsHead(context.Request.Method)) return;
        var body = Body(context);
        response.ContentType = "application/xml";
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, context.RequestAborted);
    }

    private byte[] Body(HttpContext context)
    {
        using var body = new MemoryStream();
        using (var xml = XmlWriter.Create(body, new XmlWriterSettings { Encoding = new UTF8Encoding(false), CheckCharacters = false }))
        {
            xml.WriteStartElement("Error");
            xml.WriteElementString("Code", Code);
            xml.WriteElementString("Message", Message);
            xml.WriteElementString("Resource", context.Request.Path.ToUriComponent());
            xml.WriteElementString("RequestId", context.TraceIdentifier);
            xml.WriteEndElement();
        }
        return body.ToArray();
    }
}
