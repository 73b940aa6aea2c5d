using System.Net.Sockets;
using System.Text;
using Edna.Client;
using Edna.Harness;
using Xunit;

namespace Edna.Hosting;

public sealed class Shutdown
{
    private static readonly TimeSpan Allowed = TimeSpan.FromSeconds(10);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task On_SIGTERM_a_request_in_flight_is_finished_and_the_process_ends_with_0_in_time()
    {
        await using var edna = await EdnaProcess.StartAsync(ct: Ct);
        using var client = edna.NewClient();
        await client.CreateDatasetAsync(new CreateDataset { Name = "stopping" }, Ct);
        using var connection = new TcpClient();
        await connection.ConnectAsync(edna.Address.Host, edna.Address.Port, Ct);
        await using var stream = connection.GetStream();
        using var reader = new StreamReader(stream, Encoding.ASCII);

        // "100 Continue" says that the server has the request in hand and waits for its body.
        const string Body = """{"path":"last.bin","contentType":"application/octet-stream","size":1}""";
        await WriteAsync(stream, $"POST /v1/datasets/stopping/items HTTP/1.1\r\nHost: {edna.Address.Authority}\r\nAuthorization: Bearer {edna.Key}\r\n"
            + $"Content-Type: application/json\r\nContent-Length: {Body.Length}\r\nExpect: 100-continue\r\n\r\n");
        Assert.Equal("HTTP/1.1 100 Continue", await reader.ReadLineAsync(Ct));
        await reader.ReadLineAsync(Ct);
        await edna.SignalTermAsync(Ct);
        await RefusesNewConnectionsAsync(edna);
        await WriteAsync(stream, Body);

        Assert.StartsWith("HTTP/1.1 201 ", await reader.ReadLineAsync(Ct));
        using var inTime = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        inTime.CancelAfter(Allowed);
        Assert.Equal(0, await edna.WaitForExitAsync(inTime.Token));

        await edna.StartAgainAsync(Ct);
        Assert.NotNull(await client.FindItemAsync("stopping", "last.bin", Ct));
    }

    [Fact(Timeout = 120_000)]
    public async Task On_SIGTERM_an_idle_gateway_ends_with_0_and_what_was_written_is_there_after_a_restart()
    {
        await using var edna = await EdnaProcess.StartAsync(ct: Ct);
        using var client = edna.NewClient();
        await client.CreateDatasetAsync(new CreateDataset { Name = "kept" }, Ct);
        using var inTime = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        inTime.CancelAfter(Allowed);

        Assert.Equal(0, await edna.TerminateAsync(inTime.Token));
        await edna.StartAgainAsync(Ct);

        Assert.Equal("kept", (await client.GetDatasetAsync("kept", Ct)).Name);
    }

    // The listening socket is closed first: from then on the shutdown is under way.
    private static async Task RefusesNewConnectionsAsync(EdnaProcess edna)
    {
        var refused = await Eventually.GetAsync(async () =>
        {
            using var probe = new TcpClient();
            try
            {
                await probe.ConnectAsync(edna.Address.Host, edna.Address.Port, Ct);
                return false;
            }
            catch (SocketException)
            {
                return true;
            }
        }, gone => gone, Ct);
        Assert.True(refused, "The gateway still takes connections after SIGTERM.");
    }

    private static async Task WriteAsync(NetworkStream stream, string text)
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes(text), Ct);
        await stream.FlushAsync(Ct);
    }
}
