namespace Edna.Search.Elasticsearch;

/// <summary>How the search index on a server is used: the configuration section <c>Edna:Search:Elasticsearch</c>.</summary>
public sealed class ElasticsearchOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Edna:Search:Elasticsearch";

    /// <summary>The server's address, http or https, such as <c>https://search.example.com:9200</c>; a path in it is kept. Must be set.</summary>
    public Uri? Address { get; set; }

    /// <summary>Whose server it is. The two differ in how a point in time is opened and closed.</summary>
    public ElasticsearchFlavor Flavor { get; set; } = ElasticsearchFlavor.Elasticsearch;

    /// <summary>
    /// The alias that everything goes through, default <c>edna</c>; the index behind it is made when there is none, with this name and
    /// a number. Small letters, digits, <c>-</c>, <c>_</c> and <c>.</c>, at most 100, the first one a letter or a digit.
    /// </summary>
    public string Index { get; set; } = "edna";

    /// <summary>Primary shards of an index that is made: 1–100, default 1, which takes some tens of millions of items. Facets are exact with one only.</summary>
    public int Shards { get; set; } = 1;

    /// <summary>Copies of each shard of an index that is made: 0–10, default 1.</summary>
    public int Replicas { get; set; } = 1;

    /// <summary>How often an index that is made lets searches see what was written, in milliseconds: 50–60000, default 500.</summary>
    public int RefreshMilliseconds { get; set; } = 500;

    /// <summary>
    /// Whether a push waits until searches see it, default yes. Without, pushing is faster, and a search or <c>stats.asOf</c> may be
    /// behind by up to <see cref="RefreshMilliseconds"/>.
    /// </summary>
    public bool WaitForRefresh { get; set; } = true;

    /// <summary>
    /// How long an index that is made remembers the revision of a removed item, in seconds: up to 600, default 90. A request that the
    /// server carries out late, after its sender gave it up, cannot bring the item back for that long; an item that is made again
    /// sooner is found only after it. It must be longer than <see cref="TimeoutSeconds"/> and the pauses of a push (22 s) together. 0 is
    /// for tests: the server forgets at once, and what it carries out late may bring back a purged item.
    /// </summary>
    public int TombstoneSeconds { get; set; } = 90;

    /// <summary>The largest body of a push before it is compressed, in MB (1,000,000 bytes): 5–15, default 8. No body is larger. Servers with a lower limit of their own are sent less after they refuse one.</summary>
    public int BulkMegabytes { get; set; } = 8;

    /// <summary>How long a single request may take, in seconds: 1–300, default 30.</summary>
    public int TimeoutSeconds { get; set; } = 30;

    /// <summary>How requests show who sends them.</summary>
    public ElasticsearchAuthentication Authentication { get; set; } = ElasticsearchAuthentication.None;

    /// <summary>The user; for <see cref="ElasticsearchAuthentication.Basic"/>.</summary>
    public string? Username { get; set; }

    /// <summary>The user's password; for <see cref="ElasticsearchAuthentication.Basic"/>.</summary>
    public string? Password { get; set; }

    /// <summary>The key as the server gave it out encoded (Base64 of <c>id:key</c>); for <see cref="ElasticsearchAuthentication.ApiKey"/>.</summary>
    public string? ApiKey { get; set; }

    /// <summary>The region; for <see cref="ElasticsearchAuthentication.Aws"/>. <c>AWS_REGION</c> when not set.</summary>
    public string? AwsRegion { get; set; }

    /// <summary><c>es</c> for a domain of Amazon OpenSearch Service (the default), <c>aoss</c> for a serverless collection; for <see cref="ElasticsearchAuthentication.Aws"/>.</summary>
    public string AwsService { get; set; } = "es";
}

/// <summary>Whose server it is.</summary>
public enum ElasticsearchFlavor
{
    /// <summary>Elastic's, versions 8 and 9.</summary>
    Elasticsearch,

    /// <summary>OpenSearch, versions 2 and 3.</summary>
    OpenSearch,
}

/// <summary>How requests show who sends them.</summary>
public enum ElasticsearchAuthentication
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>With a user and a password.</summary>
    Basic,

    /// <summary>With a key of Elasticsearch.</summary>
    ApiKey,

    /// <summary>Signed with AWS credentials (Signature Version 4), which the ordinary chain of the AWS SDK finds.</summary>
    Aws,
}
