using System.Reflection;
using Edna.Keys;
using Edna.OpenApi;
using Edna.Requests;
using Edna.Results;
using Microsoft.AspNetCore.Http.Metadata;

namespace Edna.Items;

/// <summary>The filters and the page of <c>GET …/items</c>.</summary>
internal sealed class ItemFilter : IBound, IEndpointParameterMetadataProvider
{
    private const string TagPrefix = "tag.";

    /// <summary>What to list.</summary>
    public required ItemListRequest Request { get; init; }

    /// <inheritdoc />
    public Problem? Problem { get; private init; }

    /// <summary>Reads the query.</summary>
    public static ValueTask<ItemFilter> BindAsync(HttpContext context)
    {
        var query = new QueryReader(context.Request.Query);
        var request = new ItemListRequest
        {
            Path = PathOf(query), PathPrefix = PrefixOf(query), Status = StatusOf(query), Tags = TagsOf(context.Request.Query, query),
            Label = query.Text("label"), Split = query.Text("split"), UpdatedSince = query.Time("updatedSince"),
            Limit = query.Limit(), Cursor = query.Text("cursor"),
        };
        return new(new ItemFilter { Request = request, Problem = query.Problem });
    }

    /// <inheritdoc />
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        builder.Metadata.Add(new RequestParameter("path", "query", "The item at exactly this path.") { Example = "cats/001.jpg" });
        builder.Metadata.Add(new RequestParameter("pathPrefix", "query", "Items whose path starts so."));
        builder.Metadata.Add(new RequestParameter("status", "query", "Items of this status.") { Values = ["pending", "available", "failed", "trashed"] });
        builder.Metadata.Add(new RequestParameter("tag.{key}", "query", "Items with this tag, such as tag.camera=front; may be given for several keys."));
        builder.Metadata.Add(new RequestParameter("label", "query", "Items with an annotation of this class."));
        builder.Metadata.Add(new RequestParameter("split", "query", "Items of this split."));
        builder.Metadata.Add(new RequestParameter("updatedSince", "query", "Items written at or after this time (RFC 3339)."));
        Page.Describe(builder);
    }

    /// <summary>Paths are kept in NFC, so a prefix is looked for in NFC.</summary>
    private static string? PrefixOf(QueryReader query)
    {
        var prefix = query.Text("pathPrefix");
        try
        {
            return prefix?.Normalize();
        }
        catch (ArgumentException)
        {
            return query.Fail<string?>("pathPrefix", "must be well-formed Unicode", null);
        }
    }

    private static string? PathOf(QueryReader query)
    {
        if (query.Text("path") is not { } path) return null;
        return ItemPath.TryNormalise(path, out var normalised, out var fault) ? normalised : query.Fail<string?>("path", fault, null);
    }

    private static ItemStatus? StatusOf(QueryReader query) => query.Text("status") switch
    {
        null => null,
        "pending" => ItemStatus.Pending,
        "available" => ItemStatus.Available,
        "failed" => ItemStatus.Failed,
        "trashed" => ItemStatus.Trashed,
        _ => query.Fail<ItemStatus?>("status", "must be pending, available, failed or trashed", null),
    };

    private static Dictionary<string, string>? TagsOf(IQueryCollection all, QueryReader query)
    {
        Dictionary<string, string>? tags = null;
        foreach (var (name, values) in all)
        {
            if (!name.StartsWith(TagPrefix, StringComparison.Ordinal)) continue;
            if (values is [{ } value] && name.Length > TagPrefix.Length) (tags ??= [])[name[TagPrefix.Length..]] = value;
            else query.Fail<string?>(name, "must be tag.<key>=<value>, each key once", null);
        }
        return tags;
    }
}

/// <summary>What else to answer with an item: <c>?include=downloadUrl</c>.</summary>
internal sealed class ItemInclude : IBound, IEndpointParameterMetadataProvider
{
    /// <summary>Whether a signed GET is wanted.</summary>
    public bool DownloadUrl { get; private init; }

    /// <inheritdoc />
    public Problem? Problem { get; private init; }

    /// <summary>Reads the query.</summary>
    public static ValueTask<ItemInclude> BindAsync(HttpContext context)
    {
        var query = new QueryReader(context.Request.Query);
        var wanted = query.Text("include") switch
        {
            null => false,
            "downloadUrl" => true,
            _ => query.Fail("include", "may only be downloadUrl", false),
        };
        return new(new ItemInclude { DownloadUrl = wanted, Problem = query.Problem });
    }

    /// <inheritdoc />
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new RequestParameter("include", "query", "downloadUrl adds a signed GET for the content.") { Values = ["downloadUrl"] });
}

/// <summary>How a browser is to take the content: <c>?disposition=attachment</c>.</summary>
internal sealed class ContentDisposition : IBound, IEndpointParameterMetadataProvider
{
    /// <summary>To be saved under the item's file name.</summary>
    public bool Attachment { get; private init; }

    /// <inheritdoc />
    public Problem? Problem { get; private init; }

    /// <summary>Reads the query.</summary>
    public static ValueTask<ContentDisposition> BindAsync(HttpContext context)
    {
        var query = new QueryReader(context.Request.Query);
        var attachment = query.Text("disposition") switch
        {
            null or "inline" => false,
            "attachment" => true,
            _ => query.Fail("disposition", "must be attachment or inline", false),
        };
        return new(new ContentDisposition { Attachment = attachment, Problem = query.Problem });
    }

    /// <inheritdoc />
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) => builder.Metadata.Add(
        new RequestParameter("disposition", "query", "attachment makes browsers save it under its file name.") { Values = ["attachment", "inline"] });
}

/// <summary>Whether items are removed for good: <c>?permanent=true</c>.</summary>
internal sealed class Permanently : IBound, IEndpointParameterMetadataProvider
{
    /// <summary>For good, not to the trash.</summary>
    public bool Permanent { get; private init; }

    /// <inheritdoc />
    public Problem? Problem { get; private init; }

    /// <summary>Reads the query.</summary>
    public static ValueTask<Permanently> BindAsync(HttpContext context)
    {
        var query = new QueryReader(context.Request.Query);
        return new(new Permanently { Permanent = query.Flag("permanent"), Problem = query.Problem });
    }

    /// <inheritdoc />
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new RequestParameter("permanent", "query", "true removes bytes, labels and row for good instead of moving to the trash.", "boolean"));
}
