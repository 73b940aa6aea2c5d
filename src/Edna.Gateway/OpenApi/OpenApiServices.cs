using System.Text.Json.Nodes;
using Edna.Events;
using Edna.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Scalar.AspNetCore;

namespace Edna.OpenApi;

/// <summary>The OpenAPI document at <c>/openapi/v1.json</c> and its reader at <c>/docs</c>.</summary>
internal static class OpenApiServices
{
    private const string SchemeName = "bearer";

    /// <summary>Adds the document.</summary>
    public static IServiceCollection AddApiDocument(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.AddDocumentTransformer(DescribeAsync);
        options.AddOperationTransformer(DescribeAsync);
        options.AddSchemaTransformer(DescribeAsync);
    });

    /// <summary>Serves both. Anybody may read them.</summary>
    public static void MapApiDocument(this IEndpointRouteBuilder routes)
    {
        routes.MapOpenApi("/openapi/{documentName}.json").AllowAnonymous();
        routes.MapScalarApiReference("/docs", o => o.WithTitle("EDNA")).AllowAnonymous();
    }

    private static Task DescribeAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancel)
    {
        document.Info = new()
        {
            Title = "EDNA", Version = "v1",
            Description = "Keeps training data organised: datasets, items, tags, labels. Bytes go straight to and from the store by signed URL.",
            License = new() { Name = "Apache-2.0", Identifier = "Apache-2.0" },
        };
        document.Components ??= new();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        document.Components.SecuritySchemes[SchemeName] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "An API key (edna_…) or a JWT of the configured issuer.",
        };
        CallbackAccess.Describe(document);
        return Task.CompletedTask;
    }

    private static Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancel)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<RequiredPermission>().LastOrDefault() is { } required) operation.Description = $"Needs the permission `{required.Permission}`.";
        if (!metadata.OfType<IAllowAnonymous>().Any())
            operation.Security = [new() { [new OpenApiSecuritySchemeReference(SchemeName, context.Document)] = [] }];
        if (metadata.OfType<CallbackAccess>().Any()) CallbackAccess.Describe(operation, context.Document);
        operation.Parameters ??= [];
        foreach (var parameter in metadata.OfType<RequestParameter>().DistinctBy(p => (p.In, p.Name))) operation.Parameters.Add(Describe(parameter));
        return Task.CompletedTask;
    }

    private static OpenApiParameter Describe(RequestParameter parameter) => new()
    {
        Name = parameter.Name, Description = parameter.Description, Required = parameter.In == "path",
        In = parameter.In switch { "path" => ParameterLocation.Path, "header" => ParameterLocation.Header, _ => ParameterLocation.Query },
        Example = parameter.Example,
        Schema = new OpenApiSchema
        {
            Type = parameter.Type switch { "integer" => JsonSchemaType.Integer, "boolean" => JsonSchemaType.Boolean, _ => JsonSchemaType.String },
            Minimum = parameter.Minimum?.ToString(System.Globalization.CultureInfo.InvariantCulture),
            Maximum = parameter.Maximum?.ToString(System.Globalization.CultureInfo.InvariantCulture),
            Enum = parameter.Values?.Select(v => (JsonNode)v).ToList(),
        },
    };

    /// <summary>A value that is kept as its own text is any JSON object to a client.</summary>
    private static Task DescribeAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancel)
    {
        if (context.JsonTypeInfo.Type == typeof(JsonText) || context.JsonTypeInfo.Type == typeof(JsonText?)) schema.Type = JsonSchemaType.Object;
        return Task.CompletedTask;
    }
}
