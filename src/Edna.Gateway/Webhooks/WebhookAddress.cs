using System.Reflection;
using Edna.Keys;
using Edna.OpenApi;
using Edna.Requests;
using Edna.Results;
using Microsoft.AspNetCore.Http.Metadata;

namespace Edna.Webhooks;

/// <summary>The webhook that an address names, in the caller's tenant.</summary>
internal sealed class WebhookAddress : IBound, IEndpointParameterMetadataProvider
{
    private const int Length = 16;

    /// <summary>Its dataset.</summary>
    public DatasetKey Dataset { get; private init; }

    /// <summary>Its id.</summary>
    public string Id { get; private init; } = "";

    /// <inheritdoc />
    public Problem? Problem { get; private init; }

    /// <summary>Reads the address. An id that no webhook can have is a webhook that is not there.</summary>
    public static async ValueTask<WebhookAddress> BindAsync(HttpContext context)
    {
        var dataset = await DatasetAddress.BindAsync(context);
        if (dataset.Problem is not null) return new() { Problem = dataset.Problem };
        var id = (string?)context.GetRouteValue("webhook") ?? "";
        var valid = id.Length == Length && id.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c));
        return new() { Dataset = dataset.Key, Id = id, Problem = valid ? null : WebhookErrors.NotFound(id) };
    }

    /// <inheritdoc />
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        DatasetAddress.PopulateMetadata(parameter, builder);
        builder.Metadata.Add(new RequestParameter("webhook", "path", "The webhook's id, 16 characters."));
    }

    /// <summary>The webhook's grain.</summary>
    public IWebhookGrain In(IGrainFactory grains) => grains.GetGrain<IWebhookGrain>($"{Dataset}/{Id}");
}

/// <summary>The delivery that an address names.</summary>
internal sealed class DeliveryAddress : IBound, IEndpointParameterMetadataProvider
{
    private const int MaxLength = 64;

    /// <summary>Its id.</summary>
    public string Id { get; private init; } = "";

    /// <inheritdoc />
    public Problem? Problem { get; private init; }

    /// <summary>Reads the address. An id that no delivery can have is a delivery that is not there.</summary>
    public static ValueTask<DeliveryAddress> BindAsync(HttpContext context)
    {
        var id = (string?)context.GetRouteValue("delivery") ?? "";
        return new(new DeliveryAddress { Id = id, Problem = id.Length <= MaxLength ? null : WebhookErrors.DeliveryNotFound(id[..MaxLength]) });
    }

    /// <inheritdoc />
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new RequestParameter("delivery", "path", "The delivery's id: its webhook-id."));
}
