using System.Reflection;
using Edna.OpenApi;
using Edna.Requests;
using Edna.Results;
using Microsoft.AspNetCore.Http.Metadata;

namespace Edna.Datasets;

/// <summary>How a dataset is to be removed.</summary>
internal sealed class DeleteDataset : IBound, IEndpointParameterMetadataProvider
{
    /// <summary>With everything in it.</summary>
    public bool Purge { get; private init; }

    /// <inheritdoc />
    public Problem? Problem { get; private init; }

    /// <summary>Reads the query.</summary>
    public static ValueTask<DeleteDataset> BindAsync(HttpContext context)
    {
        var query = new QueryReader(context.Request.Query);
        return new(new DeleteDataset { Purge = query.Flag("purge"), Problem = query.Problem });
    }

    /// <inheritdoc />
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new RequestParameter("purge", "query", "true removes the dataset with everything in it, by a job; needs 'admin'.", "boolean"));
}
