using System.Reflection;
using Edna.Items;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;
using Xunit;

namespace Edna.Gateway.Tests.Problems;

/// <summary>Somebody else's write between a grain's read and its write: nothing is lost, and nobody is told of a fault of ours.</summary>
public sealed class ConflictTests
{
    [Theory]
    [InlineData("PATCH", "", "{\"split\": \"train\"}")]
    [InlineData("PUT", "/tags", "{\"a\": \"b\"}")]
    [InlineData("PUT", "/labels", "{\"annotations\": []}")]
    [InlineData("DELETE", "", null)]
    public async Task Two_conflicts_go_unnoticed_and_a_third_answers_503_with_a_time_to_come_back(string method, string below, string? body)
    {
        var conflicts = new Conflicts();
        await using var gateway = await RunningGateway.StartAsync([], services =>
        {
            var real = services.Last(s => s.ServiceType == typeof(IItemTable));
            services.AddSingleton(provider => ConflictingTable.Around((IItemTable)Make(real, provider), conflicts));
        });
        var item = await gateway.NewItemAsync(await gateway.NewDatasetAsync());

        conflicts.Left = 3;
        using var refused = await gateway.Admin.SendAsync(method, item + below, body);
        await refused.ShouldBeProblemAsync(503, "service.unavailable");
        Assert.NotNull(refused.Headers.RetryAfter?.Delta);
        Assert.Equal(0, conflicts.Left);
        using var before = await gateway.Admin.GetAsync(item);
        Assert.Equal("\"1\"", before.Etag());

        conflicts.Left = 2;
        using var done = await gateway.Admin.SendAsync(method, item + below, body, below == "/labels" ? "If-None-Match: *" : "If-Match: \"1\"");
        Assert.True(done.IsSuccessStatusCode, await done.Content.ReadAsStringAsync());
        using var after = await gateway.Admin.GetAsync(item);
        Assert.Equal("\"2\"", after.Etag());
    }

    private static object Make(ServiceDescriptor service, IServiceProvider provider) =>
        service.ImplementationInstance ?? service.ImplementationFactory?.Invoke(provider) ?? ActivatorUtilities.CreateInstance(provider, service.ImplementationType!);

    /// <summary>How many writes are still to conflict.</summary>
    public sealed class Conflicts
    {
        private int left;

        public int Left { get => Volatile.Read(ref left); set => Volatile.Write(ref left, value); }

        public bool Take()
        {
            if (Left == 0) return false;
            Interlocked.Decrement(ref left);
            return true;
        }
    }
}

/// <summary>A real table whose single writes conflict as often as it is told.</summary>
public class ConflictingTable : DispatchProxy
{
    private IItemTable table = null!;
    private ConflictTests.Conflicts conflicts = null!;

    public static IItemTable Around(IItemTable table, ConflictTests.Conflicts conflicts)
    {
        var proxy = Create<IItemTable, ConflictingTable>();
        var self = (ConflictingTable)(object)proxy;
        (self.table, self.conflicts) = (table, conflicts);
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        targetMethod!.Name == nameof(IItemTable.WriteAsync) && conflicts.Take()
            ? Task.FromException(new InconsistentStateException("Somebody else wrote the row.", "2", "1"))
            : targetMethod.Invoke(table, args);
}
