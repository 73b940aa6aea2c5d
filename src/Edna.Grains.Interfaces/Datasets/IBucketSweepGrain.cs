namespace Edna.Datasets;

/// <summary>
/// Looks for multipart uploads that EDNA opened in a bucket and no item names, and aborts them: a crash came between the store's
/// opening one and the row. Key: the bucket's name.
/// </summary>
[Alias("edna.IBucketSweepGrain")]
public interface IBucketSweepGrain : IGrainWithStringKey
{
    /// <summary>
    /// Has the bucket looked at soon, and from then on every <c>Edna:Uploads:OrphanInterval</c>: the service's own below its prefix, another
    /// below the prefixes that are bound at that time. Repeating it changes nothing.
    /// </summary>
    [Alias("Arm")] Task ArmAsync();
}
