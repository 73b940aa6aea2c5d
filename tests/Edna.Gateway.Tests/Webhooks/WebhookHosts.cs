using Xunit;

namespace Edna.Gateway.Tests.Webhooks;

/// <summary>A gateway that may send to this machine.</summary>
public sealed class WebhookHosts : IAsyncLifetime
{
    internal RunningGateway Gateway { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Gateway = await RunningGateway.StartAsync(
        ["--Edna:Webhooks:AllowHttp=true", "--Edna:Webhooks:AllowPrivateTargets=true", "--Edna:Webhooks:FirstPause=00:00:00.1", "--Edna:Webhooks:LongestPause=00:00:00.2"]);

    public ValueTask DisposeAsync() => Gateway.DisposeAsync();
}
