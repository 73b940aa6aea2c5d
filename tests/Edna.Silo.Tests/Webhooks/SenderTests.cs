using System.Net;
using System.Net.Sockets;
using Edna.Webhooks;
using Microsoft.Extensions.Options;
using Xunit;

namespace Edna.Silo.Tests.Webhooks;

public sealed class SenderTests
{
    private static readonly string[] Secrets = [WebhookSignature.NewSecret()];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_name_that_means_another_address_when_it_is_connected_to_is_refused()
    {
        await using var receiver = new Receiver();
        var looked = 0;
        using var sender = Sender((_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse(++looked == 1 ? "127.0.0.1" : "10.0.0.1")]), out var targets);
        var url = $"http://rebind.example:{receiver.Port}/";
        Assert.Null(await targets.FaultOfAsync(url));
        var (answer, _) = await sender.SendAsync(url, "msg_a", "{}"u8.ToArray(), Secrets, Ct);
        Assert.Equal((null, "target_refused", 2), (answer.Status, answer.Error, looked));
        Assert.Empty(receiver.Messages);
    }

    [Fact]
    public async Task A_name_is_looked_up_once_a_connection_and_what_was_found_is_connected_to()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var url = $"http://hooks.example:{((IPEndPoint)listener.LocalEndpoint).Port}/";
        var looked = 0;
        using var sender = Sender((_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("10.0.0.1"), IPAddress.Parse(++looked == 1 ? "127.0.0.1" : "10.0.0.2")]), out _);
        Socket? connection = null;
        for (var i = 0; i < 3; i++)
        {
            var sent = sender.SendAsync(url, $"msg_{i}", "{}"u8.ToArray(), Secrets, Ct);
            connection ??= await listener.AcceptSocketAsync(Ct);
            await connection.ReceiveAsync(new byte[4_096], Ct);
            await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), Ct);
            Assert.Equal((200, 1), ((await sent).Answer.Status, looked));
        }
        connection!.Dispose();
        var (answer, _) = await sender.SendAsync(url, "msg_a", "{}"u8.ToArray(), Secrets, Ct);
        Assert.Equal(("target_refused", 2), (answer.Error, looked));
    }

    [Fact]
    public async Task An_answer_that_does_not_come_is_a_timeout_and_one_that_does_not_end_is_read_to_a_bounded_size()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        using var sender = Sender(Dns.GetHostAddressesAsync, out _);
        var silent = sender.SendAsync($"http://127.0.0.1:{port}/", "msg_a", "{}"u8.ToArray(), Secrets, Ct);
        using (await listener.AcceptSocketAsync(Ct)) Assert.Equal("timeout", (await silent).Answer.Error);

        var endless = sender.SendAsync($"http://127.0.0.1:{port}/", "msg_b", "{}"u8.ToArray(), Secrets, Ct);
        using (var socket = await listener.AcceptSocketAsync(Ct))
        {
            await socket.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 9000000000000\r\nRetry-After: 7\r\n\r\n"u8.ToArray(), Ct);
            await socket.SendAsync(new byte[600], Ct);
            var (answer, asked) = await endless;
            Assert.Equal((200, WebhookLimits.BodyBytes, TimeSpan.FromSeconds(7)), (answer.Status, answer.Body!.Length, asked));
        }

        var dripping = sender.SendAsync($"http://127.0.0.1:{port}/", "msg_c", "{}"u8.ToArray(), Secrets, Ct);
        using (var socket = await listener.AcceptSocketAsync(Ct))
        {
            await socket.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc"u8.ToArray(), Ct);
            var (answer, _) = await dripping;
            Assert.Equal((200, "abc"), (answer.Status, answer.Body));
        }

        var garbled = sender.SendAsync($"http://127.0.0.1:{port}/", "msg_d", "{}"u8.ToArray(), Secrets, Ct);
        using (var socket = await listener.AcceptSocketAsync(Ct))
        {
            await socket.SendAsync("what do you want\r\n\r\n"u8.ToArray(), Ct);
            Assert.Equal((null, "answer_broken"), ((await garbled).Answer.Status, (await garbled).Answer.Error));
        }
    }

    [Fact]
    public async Task Why_there_was_no_answer_is_told()
    {
        using var sender = Sender((host, _) => host == "nowhere.example" ? throw new SocketException((int)SocketError.HostNotFound) : Task.FromResult<IPAddress[]>([IPAddress.Loopback]), out _);
        Assert.Equal("name_not_resolved", (await sender.SendAsync("http://nowhere.example/", "msg_a", [], Secrets, Ct)).Answer.Error);
        Assert.Equal("not_connected", (await sender.SendAsync($"http://x.example:{Receiver.FreePort()}/", "msg_a", [], Secrets, Ct)).Answer.Error);
        await using var receiver = new Receiver();
        Assert.Equal("tls_failed", (await sender.SendAsync($"https://127.0.0.1:{receiver.Port}/", "msg_a", [], Secrets, Ct)).Answer.Error);
    }

    private static WebhookSender Sender(HostLookup lookup, out WebhookTargets targets)
    {
        var options = Options.Create(new WebhookOptions { AllowHttp = true, Timeout = TimeSpan.FromSeconds(2), AllowedNetworks = { "127.0.0.0/8" } });
        targets = new(lookup, options);
        return new(targets, options, TimeProvider.System);
    }
}
