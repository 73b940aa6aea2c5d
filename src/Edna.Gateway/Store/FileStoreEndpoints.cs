using Edna.Results;
using Edna.Storage.Files;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Edna.Store;

/// <summary>
/// The embedded object store's endpoint: <c>/store/{bucket}/{key}</c>, where signed URLs lead. It speaks S3's own dialect (headers,
/// XML errors), because clients treat it as they treat S3.
/// </summary>
public static class FileStoreEndpoints
{
    /// <summary>Maps the endpoint, and has URLs signed for the address that the server listens on unless another was configured; nothing, when objects are not kept in files.</summary>
    /// <param name="endpoints">The routes.</param>
    public static IEndpointRouteBuilder MapFileStore(this IEndpointRouteBuilder endpoints)
    {
        var store = endpoints.ServiceProvider.GetService<FileObjectStore>();
        if (store is null) return endpoints;
        var server = endpoints.ServiceProvider.GetRequiredService<IServer>();
        endpoints.ServiceProvider.GetRequiredService<FileStoreAddress>().Follow(() => AddressOf(server));
        // Every method, so that the wrong ones get the store's own error.
        endpoints.Map($"/{FileObjectStore.PathSegment}/{{bucket}}/{{**key}}", context => HandleAsync(context, store))
            .AllowAnonymous()
            .ExcludeFromDescription()
            .WithDisplayName("The embedded object store");
        return endpoints;
    }

    private static async Task HandleAsync(HttpContext context, FileObjectStore store)
    {
        AllowAnyOrigin(context);
        if (HttpMethods.IsOptions(context.Request.Method)) return;
        var error = await AnswerAsync(context, store);
        if (error is not null && !context.Response.HasStarted) await error.WriteAsync(context);
    }

    private static async Task<StoreError?> AnswerAsync(HttpContext context, FileObjectStore store)
    {
        try
        {
            // Said first: the length is part of the signature, and its absence would read as a wrong signature.
            if (HttpMethods.IsPut(context.Request.Method) && context.Request.ContentLength is null) return StoreError.MissingContentLength;
            if (StoreRequest.TryRead(context, store.Verifier, out var request) is { } error) return error;
            if (HttpMethods.IsPut(context.Request.Method))
                return request.IsPart ? await StorePutPart.HandleAsync(context, store, request) : await StorePut.HandleAsync(context, store, request.At);
            if (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method))
                return await StoreRead.HandleAsync(context, store, request);
            return StoreError.MethodNotAllowed;
        }
        catch (UnavailableException) when (!context.Response.HasStarted)
        {
            return StoreError.Unavailable;
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client has gone: nobody is left to answer, and nothing was stored.
            return null;
        }
    }

    /// <summary>Pages of any origin may use a signed URL, as with a bucket that allows it: the signature is what grants access.</summary>
    private static void AllowAnyOrigin(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.AccessControlAllowOrigin = "*";
        headers.AccessControlExposeHeaders = "ETag, Content-Length, Content-Range, Content-Disposition, Last-Modified, Accept-Ranges";
        if (!HttpMethods.IsOptions(context.Request.Method)) return;
        headers.AccessControlAllowMethods = "GET, HEAD, PUT";
        if (context.Request.Headers.AccessControlRequestHeaders.ToString() is { Length: > 0 } wanted) headers.AccessControlAllowHeaders = wanted;
        headers.AccessControlMaxAge = "3600";
        headers.Vary = "Access-Control-Request-Headers";
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    /// <summary>An address that a client on this machine can use: a server bound to every interface is also found on the loopback one.</summary>
    private static Uri? AddressOf(IServer server)
    {
        var addresses = server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        foreach (var address in addresses)
        {
            var parsed = BindingAddress.Parse(address);
            // Port 0 stands for one that is not chosen yet.
            if (parsed.IsUnixPipe || parsed.IsNamedPipe || parsed.Port == 0) continue;
            var host = parsed.Host is "*" or "+" or "0.0.0.0" or "[::]" ? "127.0.0.1" : parsed.Host;
            return new UriBuilder(parsed.Scheme, host, parsed.Port, parsed.PathBase).Uri;
        }
        return null;
    }
}
