using System.Net.Http.Json;
using System.Text.Json;

namespace Edna.Client;

/// <summary>Turns an answer that is no success into an <see cref="EdnaException"/>.</summary>
internal static class Refusal
{
    public static async Task<EdnaException> ReadAsync(HttpResponseMessage response, CancellationToken ct)
    {
        var after = response.Headers.RetryAfter?.Delta;
        var problem = await ProblemAsync(response, ct);
        return problem is { Code.Length: > 0 }
            ? new EdnaException(problem with { Status = (int)response.StatusCode }) { RetryAfter = after }
            : new EdnaException(Foreign(response)) { RetryAfter = after };
    }

    public static EdnaException Unknown(HttpResponseMessage response, string what) => new(new Problem
    {
        Code = EdnaException.UnknownAnswer, Status = (int)response.StatusCode, Title = "The answer is not in a form that this client knows.",
        Detail = what,
    });

    private static async Task<Problem?> ProblemAsync(HttpResponseMessage response, CancellationToken ct)
    {
        if (response.Content.Headers.ContentType?.MediaType is not ("application/problem+json" or "application/json")) return null;
        try
        {
            return await response.Content.ReadFromJsonAsync(EdnaJson.Default.Problem, ct);
        }
        catch (JsonException)
        {
            return null; // Not EDNA's: the status says what there is to say.
        }
    }

    private static Problem Foreign(HttpResponseMessage response) => new()
    {
        Code = $"http.{(int)response.StatusCode}", Status = (int)response.StatusCode,
        Title = $"The server answered {(int)response.StatusCode} {response.ReasonPhrase}.",
        Detail = "The answer carries no problem document. Is the address EDNA's?",
    };
}
