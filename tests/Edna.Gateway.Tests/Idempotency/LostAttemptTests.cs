using System.Net;
using System.Security.Cryptography;
using System.Text;
using Edna.Gateway.Tests.Requests;
using Edna.Idempotency;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Core.Internal;
using Xunit;

namespace Edna.Gateway.Tests.Idempotency;

/// <summary>Requests with a key whose attempts are lost on the way: sent again they make nothing a second time.</summary>
public sealed class LostAttemptTests : IAsyncLifetime
{
    private const string Finish = "IIdempotencyGrain.FinishAsync";
    private const string WebhookBody = """{"url": "http://127.0.0.1:1/a", "enabled": false}""";

    private readonly LostAnswers _lost = new();
    private readonly AheadClock _clock = new();
    private RunningGateway _gateway = null!;
    private string _dataset = "";

    private static string NewKey() => $"Idempotency-Key: {Guid.NewGuid()}";

    [Theory]
    [InlineData("webhooks", "IWebhookDirectoryGrain.CreateAsync")]
    [InlineData("webhooks", "IWebhookGrain.CreateAsync")]
    [InlineData("keys", "IApiKeyDirectoryGrain.CreateAsync")]
    [InlineData("keys", "IApiKeyGrain.CreateAsync")]
    public async Task One_that_was_carried_out_and_not_answered_finds_what_it_made(string what, string method)
    {
        var (key, address, body) = (NewKey(), AddressOf(what), BodyOf(what));
        _lost.Lose(method);
        using var lost = await _gateway.Admin.SendAsync("POST", address, body, key);
        await lost.ShouldBeProblemAsync(503, "service.unavailable");
        var made = await IdsAsync(address);

        using var other = await _gateway.Admin.SendAsync("POST", address, body.Replace("{", "{ ", StringComparison.Ordinal), key);
        await other.ShouldBeProblemAsync(422, "idempotency.key_reused");
        using var again = await _gateway.Admin.SendAsync("POST", address, body, key);
        Assert.Equal(HttpStatusCode.Created, again.StatusCode);
        Assert.False(again.Headers.Contains("Idempotency-Replayed"));
        Assert.Equal([(await again.ReadAsync()).GetProperty("id").GetString()], made);
        Assert.Equal(made, await IdsAsync(address));
    }

    [Theory]
    [InlineData("webhooks")]
    [InlineData("keys")]
    [InlineData("imports")]
    public async Task One_whose_answer_cannot_be_kept_is_answered_and_makes_nothing_more_when_it_is_sent_again(string what)
    {
        var (key, address, body) = (NewKey(), AddressOf(what), BodyOf(what));
        _lost.Refuse(Finish);
        using var first = await _gateway.Admin.SendAsync("POST", address, body, key);
        Assert.True(first.IsSuccessStatusCode);
        _lost.Admit(Finish);
        using var early = await _gateway.Admin.SendAsync("POST", address, body, key);
        await early.ShouldBeProblemAsync(409, "idempotency.in_progress");
        _clock.Ahead = IdempotencyRules.Lost;
        using var again = await _gateway.Admin.SendAsync("POST", address, body, key);
        Assert.Equal((first.StatusCode, first.Headers.Location), (again.StatusCode, again.Headers.Location));
        Assert.Equal(what != "imports", (await first.ReadAsync()).TryGetProperty("secret", out _));
        Assert.False((await again.ReadAsync()).TryGetProperty("secret", out _));
        using var replayed = await _gateway.Admin.SendAsync("POST", address, body, key);
        Assert.True(replayed.Headers.Contains("Idempotency-Replayed"));
        if (what != "imports") Assert.Single(await IdsAsync(address));
    }

    [Fact]
    public async Task One_at_work_is_known_after_the_silo_that_knew_of_it_died()
    {
        var (key, address, go) = (NewKey(), AddressOf("webhooks"), new TaskCompletionSource());
        var came = _lost.HoldAsync("IWebhookDirectoryGrain.CreateAsync", go.Task);
        var first = _gateway.Admin.SendAsync("POST", address, WebhookBody, key);
        await came;
        await DropAsync(key);
        using var beside = await _gateway.Admin.SendAsync("POST", address, WebhookBody, key);
        await beside.ShouldBeProblemAsync(409, "idempotency.in_progress");
        go.SetResult();
        using var answered = await first;
        Assert.Equal(HttpStatusCode.Created, answered.StatusCode);
        using var again = await _gateway.Admin.SendAsync("POST", address, WebhookBody, key);
        Assert.True(again.Headers.Contains("Idempotency-Replayed"));
        Assert.Single(await IdsAsync(address));
    }

    [Fact]
    public async Task One_whose_beginning_was_noted_and_not_answered_goes_ahead()
    {
        _lost.Lose("IIdempotencyGrain.BeginAsync");
        using var made = await _gateway.Admin.SendAsync("POST", AddressOf("webhooks"), WebhookBody, NewKey());
        Assert.True(_lost.AllLost);
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
    }

    public async ValueTask InitializeAsync()
    {
        _gateway = await RunningGateway.StartAsync(
            ["--Edna:Webhooks:AllowHttp=true", "--Edna:Webhooks:AllowPrivateTargets=true"], services => services.AddSingleton<IIncomingGrainCallFilter>(_lost).AddSingleton<TimeProvider>(_clock));
        _dataset = await _gateway.NewDatasetAsync();
    }

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();

    private string AddressOf(string what) => what == "keys" ? "/v1/api-keys" : $"{_dataset}/{what}";

    private static string BodyOf(string what) => what switch
    {
        "keys" => """{"name": "k", "scopes": ["read"]}""",
        "imports" => """{"kind": "prefix", "prefix": "cats/"}""",
        _ => WebhookBody,
    };

    private async Task<string?[]> IdsAsync(string address) => [.. (await _gateway.Admin.GetJsonAsync(address)).GetProperty("items").Each("id")];

    private IIdempotencyGrain GrainOf(string key) => _gateway.Services.GetRequiredService<IGrainFactory>().GetGrain<IIdempotencyGrain>(
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"default\nadmin\n{key["Idempotency-Key: ".Length..]}"))));

    /// <summary>Drops what the grain holds in memory, as a silo that dies does.</summary>
    private async Task DropAsync(string key) => await GrainOf(key).AsReference<IGrainManagementExtension>().DeactivateOnIdle();

    private sealed class AheadClock : TimeProvider
    {
        public TimeSpan Ahead { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Ahead;
    }
}
