using System.Text.Json;
using Xunit;

namespace Edna.Gateway.Tests;

/// <summary>Short ways to send and to look at answers.</summary>
internal static class Http
{
    public static async Task<JsonElement> ReadAsync(this HttpResponseMessage response)
    {
        using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return document.RootElement.Clone();
    }

    /// <summary>Sends a request; <c>headers</c> are "Name: value".</summary>
    public static async Task<HttpResponseMessage> SendAsync(this HttpClient client, string method, string address, string? json = null, params string[] headers)
    {
        var request = new HttpRequestMessage(new(method), address) { Content = json is null ? null : RunningGateway.Json(json) };
        foreach (var header in headers)
        {
            var colon = header.IndexOf(':', StringComparison.Ordinal);
            request.Headers.TryAddWithoutValidation(header[..colon], header[(colon + 1)..].Trim());
        }
        return await client.SendAsync(request);
    }

    /// <summary>Checks that an answer is a whole problem document with this status and code, and answers it.</summary>
    public static async Task<JsonElement> ShouldBeProblemAsync(this HttpResponseMessage response, int status, string code)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == status, $"expected {status} {code}, got {(int)response.StatusCode}: {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        using var document = JsonDocument.Parse(text);
        var problem = document.RootElement.Clone();
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        foreach (var member in (string[])["type", "title", "detail", "traceId"]) Assert.NotEmpty(problem.GetProperty(member).GetString()!);
        return problem;
    }

    /// <summary>Checks that an answer is 400 with these fields at fault, no more and no fewer, and answers the problem.</summary>
    public static async Task<JsonElement> ShouldNameAsync(this HttpResponseMessage response, string code, params string[] fields)
    {
        var problem = await response.ShouldBeProblemAsync(400, code);
        Assert.Equal(fields.Order(StringComparer.Ordinal), problem.GetProperty("errors").EnumerateObject().Select(e => e.Name).Order(StringComparer.Ordinal));
        return problem;
    }

    /// <summary>The body of an answer that must be a success.</summary>
    public static async Task<JsonElement> GetJsonAsync(this HttpClient client, string address)
    {
        using var response = await client.GetAsync(address);
        Assert.True(response.IsSuccessStatusCode, $"{address}: {await response.Content.ReadAsStringAsync()}");
        return await response.ReadAsync();
    }

    /// <summary>The texts of a field over the elements of a list.</summary>
    public static IEnumerable<string?> Each(this JsonElement list, string field) => list.EnumerateArray().Select(e => e.GetProperty(field).GetString());

    public static string? Etag(this HttpResponseMessage response) => response.Headers.ETag?.ToString();
}
