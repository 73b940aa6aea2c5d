using System.Security.Cryptography;
using System.Text;
using Edna.Access;
using Edna.OpenApi;
using Edna.Requests;
using Edna.Results;

namespace Edna.Idempotency;

/// <summary>The <c>Idempotency-Key</c> of a request, if it has one.</summary>
internal sealed class IdempotencyKey : IBound
{
    /// <summary>The header.</summary>
    public const string Header = "Idempotency-Key";

    /// <summary>Characters in a key at most.</summary>
    public const int MaxLength = 255;

    /// <summary>The key; null for none.</summary>
    public string? Value { get; private init; }

    /// <summary>The name of what the request makes, the same whenever it is sent again with its key; null for none.</summary>
    public string? Name { get; private init; }

    /// <inheritdoc />
    public Problem? Problem { get; private init; }

    /// <summary>Binds a handler's argument.</summary>
    public static ValueTask<IdempotencyKey> BindAsync(HttpContext context)
    {
        var key = Of(context.Request);
        return new(new IdempotencyKey { Value = key.Value, Problem = key.Problem, Name = context.Features.Get<BegunRequest>()?.Name });
    }

    /// <summary>Reads the header.</summary>
    public static IdempotencyKey Of(HttpRequest request) => request.Headers[Header] switch
    {
        { Count: 0 } => new(),
        [{ Length: >= 1 and <= MaxLength } key] when key.All(c => c is >= ' ' and <= '~') => new() { Value = key },
        _ => new() { Problem = IdempotencyErrors.KeyInvalid() },
    };

    /// <summary>The key of this caller alone: a SHA-256 over tenant, caller and key, in hex; null for none.</summary>
    public string? ScopedTo(Caller caller) => Value is null
        ? null
        : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{caller.Tenant}\n{caller.Subject}\n{Value}")));
}

/// <summary>A request with a key that is being carried out.</summary>
/// <param name="Name">The name of what it makes.</param>
internal sealed record BegunRequest(string? Name);

/// <summary>Marks a route on which <see cref="IdempotencyKey"/> is honoured.</summary>
/// <param name="Kept">Turns an answer's body into what may be kept of it; null keeps it as it is.</param>
internal sealed record IdempotentRoute(Func<byte[], byte[]>? Kept);

/// <summary>Marks routes.</summary>
internal static class IdempotentRoutes
{
    private static readonly RequestParameter Described =
        new(IdempotencyKey.Header, "header", "Sent again within 24 hours, the same request with the same key is answered as before and not carried out twice.");

    /// <summary>Honours <c>Idempotency-Key</c>.</summary>
    /// <param name="route">The route.</param>
    /// <param name="kept">Turns an answer's body into what may be kept of it; null keeps it as it is.</param>
    public static RouteHandlerBuilder Idempotent(this RouteHandlerBuilder route, Func<byte[], byte[]>? kept = null) =>
        route.WithMetadata(new IdempotentRoute(kept), Described).Refuses(409, 422);
}
