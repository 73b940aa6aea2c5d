namespace Edna.Changes;

/// <summary>When a silo starts, has the feeds woken that have something to do.</summary>
public sealed class FeedsOnStart(IGrainFactory grains) : IStartupTask
{
    /// <inheritdoc />
    public async Task Execute(CancellationToken cancellationToken)
    {
        var waker = grains.GetGrain<IFeedWakerGrain>(0);
        await waker.ArmAsync();
        await waker.WakeAsync();
    }
}
