using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Edna.Client;

/// <summary>
/// A client of EDNA's REST API. Safe for use from many threads. Every method throws <see cref="EdnaException"/> when the server
/// refuses or cannot be reached; requests are tried again as <see cref="EdnaClientOptions"/> says.
/// </summary>
public sealed partial class EdnaClient : IDisposable
{
    private readonly HttpClient _api;
    private readonly HttpClient _store;
    private readonly EdnaClientOptions _options;
    private readonly Retry _retry;

    /// <summary>Creates a client.</summary>
    /// <param name="address">Where EDNA listens, such as <c>http://127.0.0.1:5080</c>.</param>
    /// <param name="key">An API key <c>edna_…</c>, or a JWT; empty sends none.</param>
    /// <param name="options">How it behaves; null for the defaults.</param>
    public EdnaClient(Uri address, string key, EdnaClientOptions? options = null)
    {
        _options = options ?? new EdnaClientOptions();
        _retry = new Retry(_options);
        _api = new HttpClient(NewHandler())
        {
            BaseAddress = new Uri(address.AbsoluteUri.TrimEnd('/') + "/"), Timeout = _options.RequestTimeout,
        };
        _api.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("edna", Version));
        if (key.Length > 0) _api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);

        // Signed URLs carry their own proof, and the store must never see the caller's key. A body may take as long as it takes.
        _store = new HttpClient(NewHandler()) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Where EDNA listens, with a slash at the end.</summary>
    public Uri Address => _api.BaseAddress!;

    private static string Version { get; } =
        typeof(EdnaClient).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    /// <inheritdoc />
    public void Dispose()
    {
        _api.Dispose();
        _store.Dispose();
    }

    // A redirect to the store must not be followed with the key, and a signed request must carry nothing that was not signed.
    private static SocketsHttpHandler NewHandler() => new()
    {
        AllowAutoRedirect = false, ActivityHeadersPropagator = null, PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        ConnectTimeout = TimeSpan.FromSeconds(10),
    };

    private static string At(string dataset, string rest = "") => $"v1/datasets/{Uri.EscapeDataString(dataset)}{rest}";

    private static string AtItem(string dataset, string item, string rest = "") => At(dataset, $"/items/{Uri.EscapeDataString(item)}{rest}");

    private Task<TAnswer> GetAsync<TAnswer>(string at, JsonTypeInfo<TAnswer> answer, CancellationToken ct) =>
        CallAsync(() => new HttpRequestMessage(HttpMethod.Get, at), answer, ct);

    private Task<TAnswer> SendAsync<TBody, TAnswer>(
        HttpMethod method, string at, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TAnswer> answer, CancellationToken ct,
        long? ifMatch = null, string? idempotencyKey = null)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(body, bodyType);
        return CallAsync(() => NewRequest(method, at, bytes, ifMatch, idempotencyKey), answer, ct);
    }

    private static HttpRequestMessage NewRequest(HttpMethod method, string at, byte[] json, long? ifMatch, string? idempotencyKey)
    {
        var request = new HttpRequestMessage(method, at) { Content = new ByteArrayContent(json) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        if (ifMatch is { } revision) request.Headers.IfMatch.Add(new EntityTagHeaderValue($"\"{revision}\""));
        if (idempotencyKey is not null) request.Headers.Add("Idempotency-Key", idempotencyKey);
        return request;
    }

    private async Task<TAnswer> CallAsync<TAnswer>(Func<HttpRequestMessage> request, JsonTypeInfo<TAnswer> answer, CancellationToken ct)
    {
        return await _retry.RunAsync(async stop =>
        {
            using var message = request();
            using var response = await _api.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, stop);
            if (!response.IsSuccessStatusCode) throw await Refusal.ReadAsync(response, stop);
            try
            {
                return await response.Content.ReadFromJsonAsync(answer, stop) ?? throw Refusal.Unknown(response, "The answer is empty.");
            }
            catch (JsonException e)
            {
                throw Refusal.Unknown(response, e.Message);
            }
        }, ct);
    }

    private Task<bool> SendAsync(HttpMethod method, string at, CancellationToken ct) => _retry.RunAsync(async stop =>
    {
        using var message = new HttpRequestMessage(method, at);
        using var response = await _api.SendAsync(message, stop);
        return response.IsSuccessStatusCode ? true : throw await Refusal.ReadAsync(response, stop);
    }, ct);
}
