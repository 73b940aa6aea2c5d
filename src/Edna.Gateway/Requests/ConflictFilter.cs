using Orleans.Storage;

namespace Edna.Requests;

/// <summary>
/// Calls a handler again when its grain found a row that somebody else had written in between. Nothing was written then, and the
/// grain was dropped: the next call loads the row as it is. So too when a call was never delivered because its grain was just going, as
/// that of an item does that others have just removed. What still fails after that is answered as 503.
/// </summary>
internal sealed class ConflictFilter : IEndpointFilter
{
    private const int Tries = 3;

    /// <inheritdoc />
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await next(context);
            }
            catch (Exception e) when (attempt < Tries && e is InconsistentStateException or OrleansMessageRejectionException)
            {
                // The arguments are read already, so the handler can be called again as it is.
            }
        }
    }
}
