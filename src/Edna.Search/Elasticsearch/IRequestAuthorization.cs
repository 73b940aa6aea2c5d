using System.Net.Http.Headers;
using System.Text;

namespace Edna.Search.Elasticsearch;

/// <summary>Shows the server who sends a request.</summary>
internal interface IRequestAuthorization
{
    /// <summary>Adds what the server asks for.</summary>
    /// <param name="request">The request, complete but for this.</param>
    /// <param name="body">The bytes of its body.</param>
    /// <param name="ct">Ends the waiting.</param>
    ValueTask AuthorizeAsync(HttpRequestMessage request, ReadOnlyMemory<byte> body, CancellationToken ct);
}

/// <summary>Sends one header that does not change, or none.</summary>
internal sealed class HeaderAuthorization(AuthenticationHeaderValue? header) : IRequestAuthorization
{
    /// <summary>A user and a password.</summary>
    public static HeaderAuthorization Basic(string username, string password) =>
        new(new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{username}:{password}"))));

    /// <summary>A key of Elasticsearch, encoded as it was given out.</summary>
    public static HeaderAuthorization ApiKey(string key) => new(new("ApiKey", key));

    public ValueTask AuthorizeAsync(HttpRequestMessage request, ReadOnlyMemory<byte> body, CancellationToken ct)
    {
        request.Headers.Authorization = header;
        return ValueTask.CompletedTask;
    }
}
