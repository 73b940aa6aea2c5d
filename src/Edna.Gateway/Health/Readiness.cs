namespace Edna.Health;

/// <summary>
/// Whether a load balancer may send requests here. A process is held back until object store and item table have answered it once: what it was started with may
/// be wrong, and the one that it is to take the place of may be right. From then on what lies behind all processes alike puts none of them out: their
/// refusals tell a caller more than a balancer without targets does, and an orchestrator would replace them in vain. Search is never waited for.
/// </summary>
internal sealed class Readiness
{
    private volatile bool wasReady;

    /// <summary>Judges what is unwell now.</summary>
    /// <param name="unwell">The parts that do not answer: <c>objects</c>, <c>state</c>, <c>search</c>.</param>
    public bool IsReady(IReadOnlyCollection<string> unwell)
    {
        if (unwell.All(part => part == "search")) wasReady = true;
        return wasReady;
    }
}
