using System.Globalization;
using System.Reflection;
using Edna.OpenApi;
using Edna.Results;
using Microsoft.AspNetCore.Http.Metadata;

namespace Edna.Requests;

/// <summary>Which page of a list: <c>?limit=</c> 1–1000, default 100, and <c>?cursor=</c>.</summary>
internal sealed class Page : IBound, IEndpointParameterMetadataProvider
{
    /// <summary>Entries on a page when nothing is said.</summary>
    public const int DefaultLimit = 100;

    /// <summary>Entries on a page at most.</summary>
    public const int MaxLimit = 1_000;

    private static readonly RequestParameter Limited =
        new("limit", "query", "Entries on a page, 1 to 1000; 100 when left out.", "integer") { Minimum = 1, Maximum = MaxLimit };

    private static readonly RequestParameter Continued = new("cursor", "query", "The nextCursor of the page before.");

    /// <summary>Entries on the page.</summary>
    public int Limit { get; private init; } = DefaultLimit;

    /// <summary>Where the page before ended; null for the first.</summary>
    public string? Cursor { get; private init; }

    /// <inheritdoc />
    public Problem? Problem { get; private init; }

    /// <summary>Reads the query.</summary>
    public static ValueTask<Page> BindAsync(HttpContext context)
    {
        var query = new QueryReader(context.Request.Query);
        var page = new Page { Limit = query.Limit(), Cursor = query.Text("cursor") };
        return new(query.Problem is { } problem ? new Page { Problem = problem } : page);
    }

    /// <inheritdoc />
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) => Describe(builder);

    /// <summary>Describes the two parameters.</summary>
    public static void Describe(EndpointBuilder builder)
    {
        builder.Metadata.Add(Limited);
        builder.Metadata.Add(Continued);
    }
}

/// <summary>Reads values from a query and collects every fault.</summary>
internal sealed class QueryReader(IQueryCollection query)
{
    private Dictionary<string, string[]>? errors;

    /// <summary>All that is wrong; null when nothing is.</summary>
    public Problem? Problem => errors is null ? null : RequestErrors.Invalid(errors);

    /// <summary>A text; null when it is missing or empty.</summary>
    public string? Text(string name)
    {
        var values = query[name];
        if (values.Count > 1) Fail(name, "must be given once");
        return values is [{ Length: > 0 } value] ? value : null;
    }

    /// <summary>A page's limit.</summary>
    public int Limit()
    {
        if (Text("limit") is not { } text) return query.ContainsKey("limit") && errors is null ? Fail("limit", LimitRule, Page.DefaultLimit) : Page.DefaultLimit;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= Page.MaxLimit
            ? limit : Fail("limit", LimitRule, Page.DefaultLimit);
    }

    /// <summary><c>true</c> or <c>false</c>; false when missing.</summary>
    public bool Flag(string name) => Text(name) switch
    {
        null or "false" => false,
        "true" => true,
        _ => Fail(name, "must be true or false", false),
    };

    /// <summary>A time with its zone; null when missing.</summary>
    public DateTimeOffset? Time(string name)
    {
        if (Text(name) is not { } text) return null;
        // A '+' that was not encoded arrives as a space.
        var whole = text.Replace(' ', '+');
        // Without a zone a time means another one on every machine.
        var zoned = whole[^1] == 'Z' || (whole.Length > 6 && whole[^6] is '+' or '-');
        return zoned && DateTimeOffset.TryParseExact(whole, Rfc3339, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? time.ToUniversalTime() : Fail<DateTimeOffset?>(name, "must be a time such as 2026-01-31T12:00:00Z", null);
    }

    /// <summary>Notes a fault and goes on with a stand-in.</summary>
    public T Fail<T>(string name, string message, T standIn)
    {
        Fail(name, message);
        return standIn;
    }

    private const string LimitRule = "must be a whole number from 1 to 1000";

    private static readonly string[] Rfc3339 = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    private void Fail(string name, string message) => (errors ??= [])[name] = [message];
}
