namespace Edna.Keys;

/// <summary>Names a dataset: the tenant it belongs to and its name. Grain key <c>tenant/dataset</c>.</summary>
[GenerateSerializer, Immutable, Alias("edna.DatasetKey")]
public readonly record struct DatasetKey
{
    /// <summary>Creates the key.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="dataset">The dataset's name.</param>
    public DatasetKey(string tenant, string dataset) => (Tenant, Dataset) = (tenant, dataset);

    /// <summary>The tenant; <c>default</c> where nobody set up another.</summary>
    [Id(0)] public string Tenant { get; init; }

    /// <summary>The dataset's name, <c>[a-z0-9][a-z0-9-]{1,62}</c>.</summary>
    [Id(1)] public string Dataset { get; init; }

    /// <summary>The grain key.</summary>
    public override string ToString() => $"{Tenant}/{Dataset}";

    /// <summary>Reads a grain key.</summary>
    /// <param name="key"><c>tenant/dataset</c>.</param>
    public static DatasetKey Parse(string key)
    {
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        return new(key[..slash], key[(slash + 1)..]);
    }
}
