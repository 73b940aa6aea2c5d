using System.Globalization;
using System.Reflection;
using Edna.Keys;
using Edna.OpenApi;
using Edna.Requests;
using Edna.Results;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Options;

namespace Edna.Items;

/// <summary>Whether an item is waited for: <c>?wait=available</c>, and for how long: <c>?timeout=</c> 1–60 seconds, default 30.</summary>
internal sealed class WaitFor : IBound, IEndpointParameterMetadataProvider
{
    /// <summary>Seconds to wait at most.</summary>
    public const int MostSeconds = 60;

    private const int Seconds = 30;

    /// <summary>How long to wait; null for not at all.</summary>
    public TimeSpan? AtMost { get; private init; }

    /// <inheritdoc />
    public Problem? Problem { get; private init; }

    /// <summary>Reads the query.</summary>
    public static ValueTask<WaitFor> BindAsync(HttpContext context)
    {
        var query = new QueryReader(context.Request.Query);
        var (wait, timeout) = (query.Text("wait"), query.Text("timeout"));
        var wanted = wait is "available" || (context.Request.Query.ContainsKey("wait") && query.Fail("wait", "may only be available", false));
        if (timeout is not null && !wanted) query.Fail("timeout", "is of use only with wait=available", 0);
        var seconds = timeout is null ? Seconds
            : int.TryParse(timeout, NumberStyles.None, CultureInfo.InvariantCulture, out var given) && given is >= 1 and <= MostSeconds ? given
            : query.Fail("timeout", $"must be a whole number of seconds from 1 to {MostSeconds}", Seconds);
        // Its duration says nothing of how quick the service is.
        if (wanted) context.Features.Get<IHttpMetricsTagsFeature>()?.Tags.Add(new("waits", "yes"));
        return new(new WaitFor { AtMost = wanted ? TimeSpan.FromSeconds(seconds) : null, Problem = query.Problem });
    }

    /// <inheritdoc />
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        builder.Metadata.Add(new RequestParameter("wait", "query", "available answers once the item's upload is settled, well or badly; as it is when the time is over.") { Values = ["available"] });
        builder.Metadata.Add(new RequestParameter("timeout", "query", "Seconds to wait, 1 to 60; 30 when left out.", "integer") { Minimum = 1, Maximum = MostSeconds });
    }
}

/// <summary>Waits until an item is settled. Its grain tells; neither the store nor the table is asked again and again.</summary>
internal sealed class ItemWaiting(IGrainFactory grains, IOptions<AnswerOptions> options, IHostApplicationLifetime life, TimeProvider time)
{
    /// <summary>The item, once it is not pending any more, or as it is when the time is over or the service stops.</summary>
    /// <param name="key">The item.</param>
    /// <param name="includeDownloadUrl">Whether a signed GET is wanted.</param>
    /// <param name="atMost">How long to wait; null for not at all.</param>
    /// <param name="ct">The caller has gone.</param>
    public async Task<Result<Item>> GetAsync(ItemKey key, bool includeDownloadUrl, TimeSpan? atMost, CancellationToken ct)
    {
        var (item, started) = (grains.Item(key), time.GetTimestamp());
        var limit = options.Value.Cut(atMost ?? TimeSpan.Zero);
        while (true)
        {
            var found = await item.GetAsync(includeDownloadUrl);
            var left = limit - time.GetElapsedTime(started);
            if (left <= TimeSpan.Zero || found.Value is not { Status: ItemStatus.Pending } pending || life.ApplicationStopping.IsCancellationRequested) return found;
            if (await WaitAsync(item, pending.Revision, left, ct) == ItemWait.Full)
                return RequestErrors.Unavailable("Waiting for this item, for which too many wait already,");
        }
    }

    private async Task<ItemWait> WaitAsync(IItemGrain item, long revision, TimeSpan left, CancellationToken ct)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(ct, life.ApplicationStopping);
        try
        {
            return await item.WaitAsync(revision, left < IItemGrain.LongestWait ? left : IItemGrain.LongestWait, ends.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            // The service stops: the item is answered as it is.
            return ItemWait.Elapsed;
        }
    }
}
