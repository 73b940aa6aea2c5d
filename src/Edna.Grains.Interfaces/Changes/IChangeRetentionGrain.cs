namespace Edna.Changes;

/// <summary>Forgets changes that are older than <c>Edna:Changes:Retention</c>, in all datasets. Key: 0, one for the service.</summary>
[Alias("edna.IChangeRetentionGrain")]
public interface IChangeRetentionGrain : IGrainWithIntegerKey
{
    /// <summary>Has the feeds looked at soon, and from then on again and again. Repeating it changes nothing.</summary>
    [Alias("Arm")] Task ArmAsync();
}
