using System.Collections.Concurrent;
using Amazon.DynamoDBv2;
using Amazon.Runtime;
using Edna.Hosting;
using Edna.Storage.Dynamo;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Edna.Storage.Tests.Dynamo;

/// <summary>Stands before the server, and lets the next calls fare as a test says.</summary>
internal sealed class DynamoGate : IAsyncDisposable
{
    private readonly WebApplication _gate;
    private readonly HttpClient _server;
    private readonly ConcurrentQueue<Fate> _next = new();

    private DynamoGate(WebApplication gate, Uri server) => (_gate, _server) = (gate, new() { BaseAddress = server });

    public enum Fate
    {
        /// <summary>Nothing is done, for want of capacity.</summary>
        Throttled,

        /// <summary>It is done, and the answer does not arrive.</summary>
        AnswerLost,

        /// <summary>Nothing is done, because we may not.</summary>
        Denied,
    }

    /// <summary>Options with which a client goes through here.</summary>
    public DynamoOptions Options { get; private set; } = null!;

    /// <summary>How many calls have come.</summary>
    public int Calls { get; private set; }

    public static async Task<DynamoGate> OpenAsync(DynamoOptions behind)
    {
        var builder = WebApplication.CreateSlimBuilder(["--urls=http://127.0.0.1:0"]);
        builder.Logging.ClearProviders();
        var gate = new DynamoGate(builder.Build(), behind.Endpoint!);
        gate._gate.Run(gate.PassAsync);
        await gate._gate.StartAsync(TestContext.Current.CancellationToken);
        gate.Options = new()
        {
            Endpoint = new(gate._gate.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()),
            AccessKeyId = behind.AccessKeyId, SecretAccessKey = behind.SecretAccessKey,
            ItemTable = behind.ItemTable, SiloTable = behind.SiloTable, GrainStateTable = behind.GrainStateTable, ReminderTable = behind.ReminderTable,
        };
        return gate;
    }

    /// <summary>What happens between a loss and the client's repetition, once; null for nothing.</summary>
    public Func<Task>? AfterLoss { get; set; }

    /// <summary>A client that goes through here.</summary>
    public IAmazonDynamoDB NewClient() => DynamoClientRegistration.Client(Options, RequestRetryMode.Standard);

    /// <summary>Says how the next calls fare; those after them pass.</summary>
    public void Next(Fate fate, int times = 1)
    {
        Calls = 0;
        for (var i = 0; i < times; i++) _next.Enqueue(fate);
    }

    public async ValueTask DisposeAsync()
    {
        await _gate.DisposeAsync();
        _server.Dispose();
    }

    private async Task PassAsync(HttpContext context)
    {
        Calls++;
        var fate = _next.TryDequeue(out var next) ? next : (Fate?)null;
        if (fate is Fate.Throttled or Fate.Denied)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            context.Response.ContentType = "application/x-amz-json-1.0";
            var type = fate == Fate.Throttled ? "ProvisionedThroughputExceededException" : "AccessDeniedException";
            await context.Response.WriteAsync($$"""{"__type":"com.amazonaws.dynamodb.v20120810#{{type}}","message":"as the test says"}""");
            return;
        }
        using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = new StreamContent(context.Request.Body) };
        foreach (var (name, value) in context.Request.Headers)
        {
            if (name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase)) request.Content.Headers.TryAddWithoutValidation(name, (string?)value);
            else if (name is not "Host") request.Headers.TryAddWithoutValidation(name, (string?)value);
        }
        using var answer = await _server.SendAsync(request, context.RequestAborted);
        if (fate == Fate.AnswerLost)
        {
            if (AfterLoss is { } meanwhile)
            {
                AfterLoss = null;
                await meanwhile();
            }
            context.Abort();
            return;
        }
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, value) in answer.Headers.Concat(answer.Content.Headers))
        {
            if (name is not "Transfer-Encoding") context.Response.Headers[name] = value.ToArray();
        }
        await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}
