using System.Reflection;
using NetArchTest.Rules;
using Xunit;

namespace Edna.Silo.Tests.Shape;

/// <summary>Which project may lean on which: what the layout promises.</summary>
public sealed class DependencyTests
{
    [Theory]
    [InlineData("Edna.Grains.Interfaces", new string[0])]
    [InlineData("Edna.Grains", new[] { "Edna.Grains.Interfaces" })]
    [InlineData("Edna.Sqlite", new[] { "Edna.Grains.Interfaces" })]
    [InlineData("Edna.Storage", new[] { "Edna.Grains", "Edna.Grains.Interfaces", "Edna.Sqlite" })]
    [InlineData("Edna.Search", new[] { "Edna.Grains", "Edna.Grains.Interfaces", "Edna.Sqlite" })]
    public void A_project_references_only_what_the_layout_allows(string project, string[] allowed)
    {
        var references = Assembly.Load(project).GetReferencedAssemblies().Select(r => r.Name!).Where(n => n.StartsWith("Edna", StringComparison.Ordinal));
        Assert.Subset(allowed.ToHashSet(), references.ToHashSet());
    }

    [Fact]
    public void Grains_know_no_adapters_library()
    {
        var result = Types.InAssembly(Assembly.Load("Edna.Grains")).ShouldNot().HaveDependencyOnAny("Amazon", "Microsoft.Data.Sqlite", "SQLitePCL", "Microsoft.AspNetCore").GetResult();
        Assert.True(result.IsSuccessful, string.Join(", ", result.FailingTypeNames ?? []));
    }
}
