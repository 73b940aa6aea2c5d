using System.Globalization;
using System.Reflection;
using Edna.OpenApi;
using Edna.Requests;
using Edna.Results;
using Microsoft.AspNetCore.Http.Metadata;

namespace Edna.Changes;

/// <summary>Which changes: <c>?since=</c>, <c>?limit=</c> and <c>?wait=</c>, or as a stream, with <c>Last-Event-ID</c>.</summary>
internal sealed class ChangesAsked : IBound, IEndpointParameterMetadataProvider
{
    /// <summary>The word for the end of the feed, in place of a cursor.</summary>
    public const string Now = "now";

    /// <summary>Seconds to wait at most.</summary>
    public const int MostSeconds = 60;

    /// <summary>The media type of a stream.</summary>
    public const string EventStream = "text/event-stream";

    /// <summary>The cursor after which to read; null from the oldest kept; <see cref="Now"/> for what comes from now on.</summary>
    public string? Since { get; private init; }

    /// <summary>1–1000.</summary>
    public int Limit { get; private init; }

    /// <summary>How long to wait for a change.</summary>
    public TimeSpan Wait { get; private init; }

    /// <summary>Whether a live stream is asked for.</summary>
    public bool Stream { get; private init; }

    /// <inheritdoc />
    public Problem? Problem { get; private init; }

    /// <summary>Reads query and headers.</summary>
    public static ValueTask<ChangesAsked> BindAsync(HttpContext context)
    {
        var (query, headers) = (new QueryReader(context.Request.Query), context.Request.Headers);
        var stream = headers.Accept.ToString().Contains(EventStream, StringComparison.OrdinalIgnoreCase);
        // Who connects again asks for the same address: what was received last says more than that.
        var since = stream && headers["Last-Event-ID"].ToString() is { Length: > 0 } last ? last : query.Text("since");
        var wait = query.Text("wait") is { } text ? SecondsOf(text, query)
            : context.Request.Query.ContainsKey("wait") ? query.Fail("wait", WaitRule, 0) : 0;
        var (limit, problem) = (query.Limit(), query.Problem);
        return new(new ChangesAsked { Since = since, Limit = limit, Wait = TimeSpan.FromSeconds(wait), Stream = stream, Problem = problem ?? query.Problem });
    }

    /// <inheritdoc />
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        builder.Metadata.Add(new RequestParameter("since", "query", "The cursor after which to read; the oldest kept when left out; now for what comes from now on."));
        builder.Metadata.Add(new RequestParameter("limit", "query", "Changes on a page, 1 to 1000; 100 when left out.", "integer") { Minimum = 1, Maximum = Page.MaxLimit });
        builder.Metadata.Add(new RequestParameter("wait", "query", "Seconds to wait for a change when there is none, 0 to 60; 0 when left out.", "integer") { Minimum = 0, Maximum = MostSeconds });
        builder.Metadata.Add(new RequestParameter("Last-Event-ID", "header", "With Accept: text/event-stream, the id of the last event received; goes before since."));
    }

    private static readonly string WaitRule = $"must be a whole number of seconds from 0 to {MostSeconds}";

    private static int SecondsOf(string text, QueryReader query) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= MostSeconds ? seconds : query.Fail("wait", WaitRule, 0);
}
