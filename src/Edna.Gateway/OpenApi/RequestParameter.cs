namespace Edna.OpenApi;

/// <summary>Describes a parameter that a handler's argument reads from the request, for the OpenAPI document.</summary>
/// <param name="Name">Its name.</param>
/// <param name="In">Where it stands: <c>path</c>, <c>query</c> or <c>header</c>.</param>
/// <param name="Description">What it means.</param>
/// <param name="Type">The JSON schema type.</param>
internal sealed record RequestParameter(string Name, string In, string Description, string Type = "string")
{
    /// <summary>The least value of an integer.</summary>
    public int? Minimum { get; init; }

    /// <summary>The largest value of an integer.</summary>
    public int? Maximum { get; init; }

    /// <summary>The values there are.</summary>
    public IReadOnlyList<string>? Values { get; init; }

    /// <summary>A value to show.</summary>
    public string? Example { get; init; }
}
