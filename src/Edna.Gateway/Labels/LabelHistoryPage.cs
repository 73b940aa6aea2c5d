using System.Globalization;
using System.Reflection;
using Edna.OpenApi;
using Edna.Requests;
using Edna.Results;
using Microsoft.AspNetCore.Http.Metadata;

namespace Edna.Labels;

/// <summary>A page of an item's label documents, newest first.</summary>
public sealed record LabelHistoryPage
{
    /// <summary>The entries.</summary>
    public required IReadOnlyList<LabelHistoryEntry> Items { get; init; }

    /// <summary>Where the next page starts; null at the end.</summary>
    public string? NextCursor { get; init; }
}

/// <summary>The label revision that an address names.</summary>
internal sealed class LabelRevision : IBound, IEndpointParameterMetadataProvider
{
    /// <summary>From 1.</summary>
    public long Number { get; private init; }

    /// <inheritdoc />
    public Problem? Problem { get; private init; }

    /// <summary>Reads the address.</summary>
    public static ValueTask<LabelRevision> BindAsync(HttpContext context) => new(
        long.TryParse((string?)context.GetRouteValue("revision"), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? new LabelRevision { Number = number }
            : new LabelRevision { Problem = RequestErrors.Invalid("revision", "must be a whole number from 1") });

    /// <inheritdoc />
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new RequestParameter("revision", "path", "The label revision, from 1.", "integer") { Minimum = 1 });
}
