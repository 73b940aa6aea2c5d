using Microsoft.OpenApi;

namespace Edna.Events;

/// <summary>Says on the callback's route, for the OpenAPI document, what opens it and what it takes.</summary>
internal sealed class CallbackAccess
{
    private static readonly (string Name, OpenApiSecurityScheme Scheme)[] Schemes =
    [
        ("callbackBearer", new() { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "The callback key." }),
        ("callbackBasic", new() { Type = SecuritySchemeType.Http, Scheme = "basic", Description = "Any user, the callback key as password." }),
        ("callbackKey", new() { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Query, Name = CallbackKey.Parameter, Description = "The callback key." }),
    ];

    /// <summary>Adds the ways to show the key.</summary>
    public static void Describe(OpenApiDocument document)
    {
        foreach (var (name, scheme) in Schemes) document.Components!.SecuritySchemes![name] = scheme;
    }

    /// <summary>Describes the route.</summary>
    public static void Describe(OpenApiOperation operation, OpenApiDocument? document)
    {
        operation.Description = "Needs the callback key, which gives no other permission. Unknown keys are counted and ignored; a fault answers 503, so that the sender comes again.";
        operation.Security = [.. Schemes.Select(s => new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(s.Name, document)] = [] })];
        var any = new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.Object } };
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true, Description = $"A document of events, at most {ObjectEvents.DocumentBytes} bytes; the media type does not matter.",
            Content = new Dictionary<string, OpenApiMediaType> { ["application/json"] = any, ["text/plain"] = any },
        };
    }
}
