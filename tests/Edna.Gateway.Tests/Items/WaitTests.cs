using System.Diagnostics;
using System.Text;
using Xunit;

namespace Edna.Gateway.Tests.Items;

public sealed class WaitTests(RunningGateway gateway)
{
    [Theory]
    [InlineData("wait=ready", "wait")]
    [InlineData("wait=", "wait")]
    [InlineData("wait=available&timeout=0", "timeout")]
    [InlineData("wait=available&timeout=61", "timeout")]
    [InlineData("wait=available&timeout=1.5", "timeout")]
    [InlineData("timeout=5", "timeout")]
    public async Task What_cannot_be_waited_for_is_refused(string query, string field)
    {
        var item = await gateway.NewItemAsync(await gateway.NewDatasetAsync());
        using var refused = await gateway.Admin.GetAsync($"{item}?{query}");
        await refused.ShouldNameAsync("request.invalid", field);
    }

    [Fact]
    public async Task It_answers_at_once_what_is_settled_and_what_is_not_there()
    {
        var dataset = await gateway.NewDatasetAsync();
        var started = Stopwatch.GetTimestamp();
        var available = await gateway.NewAvailableItemAsync(dataset);
        Assert.Equal("available", (await gateway.Admin.GetJsonAsync($"{available}?wait=available&timeout=60")).GetProperty("status").GetString());
        var failed = await gateway.NewItemAsync(dataset, "b.txt");
        (await gateway.Admin.DeleteAsync($"{failed}/upload")).EnsureSuccessStatusCode();
        Assert.Equal("failed", (await gateway.Admin.GetJsonAsync($"{failed}?wait=available&timeout=60")).GetProperty("status").GetString());
        using var missing = await gateway.Admin.GetAsync($"{dataset}/items/{new string('a', 26)}?wait=available&timeout=60");
        await missing.ShouldBeProblemAsync(404, "item.not_found");
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task When_the_time_is_over_it_answers_the_item_as_it_is()
    {
        var item = await gateway.NewItemAsync(await gateway.NewDatasetAsync());
        var started = Stopwatch.GetTimestamp();
        var answer = await gateway.Admin.GetJsonAsync($"{item}?wait=available&timeout=1");
        Assert.Equal("pending", answer.GetProperty("status").GetString());
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0.95, 20);
    }

    [Fact]
    public async Task Many_wait_beyond_one_slice_through_other_writes_until_it_is_available()
    {
        var dataset = await gateway.NewDatasetAsync();
        var planned = await gateway.PlanAsync(dataset, new { path = "a.txt", contentType = "text/plain", size = 5 });
        var waiting = Enumerable.Range(0, 10).Select(_ => gateway.Admin.GetJsonAsync($"{planned.Item}?wait=available&timeout=60&include=downloadUrl")).ToArray();
        (await gateway.Admin.SendAsync("PATCH", planned.Item, """{"metadata": {"a": 1}}""")).EnsureSuccessStatusCode();
        using var elapsed = await gateway.Admin.GetAsync($"{planned.Item}?wait=available&timeout=12");
        Assert.Equal("pending", (await elapsed.ReadAsync()).GetProperty("status").GetString());
        Assert.DoesNotContain(waiting, w => w.IsCompleted);
        (await planned.SendAsync(Encoding.ASCII.GetBytes("hello"))).EnsureSuccessStatusCode();
        (await gateway.Admin.PostAsync($"{planned.Item}/upload/complete", null)).EnsureSuccessStatusCode();
        Assert.All(await Task.WhenAll(waiting), item => Assert.Equal(("available", true), (item.GetProperty("status").GetString(), item.TryGetProperty("downloadUrl", out _))));
    }
}
