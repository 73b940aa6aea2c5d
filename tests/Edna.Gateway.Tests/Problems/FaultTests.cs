using System.Net.Http.Json;
using Edna.Health;
using Edna.Objects;
using Edna.Results;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Edna.Gateway.Tests.Problems;

public sealed class FaultTests
{
    [Fact]
    public async Task A_store_that_is_down_answers_503_with_a_time_to_come_back()
    {
        await using var gateway = await StartAsync(() => new UnavailableException("The object store", new IOException("secret inner reason")));
        var dataset = await gateway.NewDatasetAsync();
        using var planned = await gateway.Admin.PostAsJsonAsync($"{dataset}/items", new { path = "a.txt", contentType = "text/plain", size = 5 });
        using var response = await gateway.Admin.PostAsync($"{planned.Headers.Location}/upload/complete", null);
        var problem = await response.ShouldBeProblemAsync(503, "service.unavailable");
        Assert.NotNull(response.Headers.RetryAfter?.Delta);
        Assert.Contains("The object store", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", problem.ToString(), StringComparison.Ordinal);

        using var ready = await gateway.Anonymous().GetAsync("/health/ready");
        var unwell = await ready.ShouldBeProblemAsync(503, "service.unavailable");
        Assert.Equal(["objects"], unwell.GetProperty("errors").EnumerateObject().Select(e => e.Name));
        using var live = await gateway.Anonymous().GetAsync("/health/live");
        Assert.True(live.IsSuccessStatusCode);
    }

    [Fact]
    public async Task A_gateway_that_has_served_stays_ready_when_what_lies_behind_all_is_away()
    {
        var away = false;
        await using var gateway = await StartAsync(() => away ? new UnavailableException("The object store") : null);
        using (var ready = await gateway.Anonymous().GetAsync("/health/ready")) Assert.Equal("ready", (await ready.ReadAsync()).GetProperty("status").GetString());
        away = true;
        using var degraded = await gateway.Anonymous().GetAsync("/health/ready");
        Assert.True(degraded.IsSuccessStatusCode);
        var told = await degraded.ReadAsync();
        Assert.Equal(("degraded", "does not answer", "ok"), (
            told.GetProperty("status").GetString(), told.GetProperty("parts").GetProperty("objects").GetString(), told.GetProperty("parts").GetProperty("search").GetString()));
    }

    [Fact]
    public void Nobody_is_held_back_by_search_and_a_process_that_never_was_ready_by_the_rest()
    {
        Assert.True(new Readiness().IsReady(["search"]));
        Assert.False(new Readiness().IsReady(["search", "state"]));
        Assert.False(new Readiness().IsReady(["objects"]));
    }

    [Fact]
    public async Task A_fault_of_ours_answers_500_and_tells_nothing_of_the_inside()
    {
        await using var gateway = await StartAsync(() => new NotSupportedException("secret detail"));
        var dataset = await gateway.NewDatasetAsync();
        using var planned = await gateway.Admin.PostAsJsonAsync($"{dataset}/items", new { path = "a.txt", contentType = "text/plain", size = 5 });
        using var response = await gateway.Admin.PostAsync($"{planned.Headers.Location}/upload/complete", null);
        var problem = await response.ShouldBeProblemAsync(500, "internal");
        Assert.DoesNotContain("secret", problem.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", problem.ToString(), StringComparison.Ordinal);
    }

    internal static Task<RunningGateway> StartAsync(Func<Exception?> fault) => RunningGateway.StartAsync([], services =>
    {
        var real = services.Last(s => s.ServiceType == typeof(IObjectStore));
        services.AddSingleton<IObjectStore>(provider => new FaultyStore((IObjectStore)Make(real, provider), fault));
    });

    private static object Make(ServiceDescriptor service, IServiceProvider provider) =>
        service.ImplementationInstance ?? service.ImplementationFactory?.Invoke(provider) ?? ActivatorUtilities.CreateInstance(provider, service.ImplementationType!);
}
