using Xunit;

namespace Edna.Deploy.Tests;

/// <summary>Tests that start a cluster of processes: one after the other, when the rest is done.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ManyProcesses
{
    public const string Name = "many processes";
}
