namespace Edna.Search.Sqlite;

/// <summary>The names of the fields that terms belong to; also the names of the facets that count them.</summary>
internal static class SearchFields
{
    public const string Tenant = "tenant";
    public const string Label = "label";
    public const string Split = "split";
    public const string ContentType = "contentType";
    public const string Status = "status";

    public static string Tag(string key) => "tag:" + key;
}
