using System.Reflection;
using Edna.Access;
using Edna.Datasets;
using Edna.Keys;
using Edna.OpenApi;
using Edna.Results;
using Microsoft.AspNetCore.Http.Metadata;

namespace Edna.Requests;

/// <summary>The dataset that an address names, in the caller's tenant.</summary>
internal sealed class DatasetAddress : IBound, IEndpointParameterMetadataProvider
{
    /// <summary>Which dataset.</summary>
    public DatasetKey Key { get; private init; }

    /// <summary>Who asks.</summary>
    public required Caller Caller { get; init; }

    /// <summary>Who asks, as histories tell it.</summary>
    public string By => Caller.Subject;

    /// <inheritdoc />
    public Problem? Problem { get; private init; }

    /// <summary>Where the dataset can be read.</summary>
    public string Location => $"/v1/datasets/{Key.Dataset}";

    /// <summary>Reads the address. A name that no dataset can have is a dataset that is not there.</summary>
    public static ValueTask<DatasetAddress> BindAsync(HttpContext context)
    {
        var (caller, name) = (Caller.Of(context), (string?)context.GetRouteValue("dataset") ?? "");
        return new(DatasetName.IsValid(name)
            ? new DatasetAddress { Caller = caller, Key = new(caller.Tenant, name) }
            : new DatasetAddress { Caller = caller, Problem = DatasetErrors.NotFound(name) });
    }

    /// <inheritdoc />
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new RequestParameter("dataset", "path", "The dataset's name.") { Example = "shapes" });
}

/// <summary>The item that an address names, in the caller's tenant.</summary>
internal sealed class ItemAddress : IBound, IEndpointParameterMetadataProvider
{
    /// <summary>Which item.</summary>
    public ItemKey Key { get; private init; }

    /// <summary>Who asks.</summary>
    public required Caller Caller { get; init; }

    /// <summary>Who asks, as histories tell it.</summary>
    public string By => Caller.Subject;

    /// <inheritdoc />
    public Problem? Problem { get; private init; }

    /// <summary>Reads the address.</summary>
    public static async ValueTask<ItemAddress> BindAsync(HttpContext context)
    {
        var dataset = await DatasetAddress.BindAsync(context);
        if (dataset.Problem is not null) return new() { Caller = dataset.Caller, Problem = dataset.Problem };
        var id = (string?)context.GetRouteValue("item");
        return ItemId.IsValid(id)
            ? new() { Caller = dataset.Caller, Key = new(dataset.Key, id!) }
            : new() { Caller = dataset.Caller, Problem = RequestErrors.Invalid("item", IdRule) };
    }

    /// <inheritdoc />
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        DatasetAddress.PopulateMetadata(parameter, builder);
        builder.Metadata.Add(new RequestParameter("item", "path", "The item's id, 26 characters.") { Example = "fqzmf7xvtyvvyhhq3z4n2mhwxy" });
    }

    /// <summary>What an id must look like.</summary>
    public const string IdRule = "must be an item id: 26 characters of a-z and 2-7 (GET …/items?path=… finds the id of a path)";
}
