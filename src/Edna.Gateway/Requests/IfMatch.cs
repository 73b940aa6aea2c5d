using System.Globalization;
using System.Reflection;
using Edna.OpenApi;
using Edna.Results;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Primitives;

namespace Edna.Requests;

/// <summary>
/// The revision that a write is based on: <c>If-Match: "7"</c>, or <c>*</c> and nothing for any. Weak tags and lists are refused:
/// a revision either is the one that was read or it is not. <c>If-None-Match: *</c> means revision 0: nothing is there yet.
/// </summary>
internal sealed class IfMatch : IBound, IEndpointParameterMetadataProvider
{
    private const string Rule = "must be one strong entity tag as this service sent it, such as \"7\" with its quotes, or *";

    /// <summary>The revision; null for any.</summary>
    public long? Revision { get; private init; }

    /// <inheritdoc />
    public Problem? Problem { get; private init; }

    /// <summary>Reads the headers.</summary>
    public static ValueTask<IfMatch> BindAsync(HttpContext context) => new(Read(context.Request.Headers.IfMatch, context.Request.Headers.IfNoneMatch));

    /// <inheritdoc />
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) => builder.Metadata.Add(
        new RequestParameter("If-Match", "header", "The ETag that was read; stale answers 412 with the current revision. * or nothing writes over whatever is there.") { Example = "\"7\"" });

    /// <summary>Reads the two headers.</summary>
    internal static IfMatch Read(StringValues match, StringValues noneMatch)
    {
        if (match.Count > 0 && noneMatch.Count > 0) return Wrong("If-None-Match", "must not stand beside If-Match");
        if (noneMatch.Count > 0) return noneMatch is ["*"] ? new() { Revision = 0 } : Wrong("If-None-Match", "may only be * here");
        if (match.Count == 0 || match is ["*"]) return new();
        return match is [{ Length: >= 3 } tag] && tag[0] == '"' && tag[^1] == '"'
            && long.TryParse(tag.AsSpan(1, tag.Length - 2), NumberStyles.None, CultureInfo.InvariantCulture, out var revision)
            ? new() { Revision = revision }
            : Wrong("If-Match", Rule);
    }

    private static IfMatch Wrong(string header, string message) => new() { Problem = RequestErrors.Invalid(header, message) };
}
