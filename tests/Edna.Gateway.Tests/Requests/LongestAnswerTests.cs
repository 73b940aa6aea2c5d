using System.Diagnostics;
using Edna.Gateway.Tests.Changes;
using Microsoft.Extensions.Options;
using Xunit;

namespace Edna.Gateway.Tests.Requests;

/// <summary>Behind a proxy that gives up after a while: <c>Edna:Gateway:LongestAnswer</c>.</summary>
public sealed class LongestAnswerTests
{
    private static readonly string[] s_settings = ["--Edna:Gateway:LongestAnswer=00:00:02"];

    [Fact]
    public async Task Waits_are_answered_as_if_they_had_asked_for_less()
    {
        await using var gateway = await RunningGateway.StartAsync(s_settings);
        var dataset = await gateway.NewDatasetAsync();
        var item = await gateway.NewItemAsync(dataset);
        var end = (await gateway.Admin.GetJsonAsync($"{dataset}/changes")).GetProperty("nextCursor").GetString();
        var started = Stopwatch.GetTimestamp();
        var answers = await Task.WhenAll(gateway.Admin.GetJsonAsync($"{item}?wait=available&timeout=60"), gateway.Admin.GetJsonAsync($"{dataset}/changes?since={end}&wait=60"));
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 1.9, 25);
        Assert.Equal("pending", answers[0].GetProperty("status").GetString());
        Assert.Equal((0, end), (answers[1].GetProperty("changes").GetArrayLength(), answers[1].GetProperty("nextCursor").GetString()));
    }

    [Fact]
    public async Task A_stream_ends_without_a_reason_and_goes_on_where_it_was()
    {
        await using var gateway = await RunningGateway.StartAsync(s_settings);
        var dataset = await gateway.NewDatasetAsync();
        var started = Stopwatch.GetTimestamp();
        var (told, last) = (new List<string>(), (string?)null);
        for (var connection = 0; connection < 3; connection++)
        {
            using var stream = await EventStream.OpenAsync(gateway.Admin, $"{dataset}/changes?since=now", last);
            await gateway.NewItemsAsync(dataset, $"{connection}/told");
            while (await stream.NextAsync() is { } next)
            {
                Assert.Equal("change", next.Kind);
                told.Add(next.Data.GetProperty("path").GetString()!);
            }
            last = stream.LastId;
            // Nobody reads.
            await gateway.NewItemsAsync(dataset, $"{connection}/missed");
        }
        Assert.Equal(["0/told", "0/missed", "1/told", "1/missed", "2/told"], told);
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 5.9, 60);
    }

    [Theory]
    [InlineData("00:00:00.5")]
    [InlineData("01:00:01")]
    public async Task What_is_no_length_of_an_answer_stops_the_start(string length)
    {
        var fault = await Assert.ThrowsAsync<OptionsValidationException>(() => RunningGateway.StartAsync([$"--Edna:Gateway:LongestAnswer={length}"]));
        Assert.Equal("Edna:Gateway:LongestAnswer: must be one second (00:00:01) to one hour (01:00:00).", fault.Message);
    }
}
