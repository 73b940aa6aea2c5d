using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Amazon.DynamoDBv2;
using Amazon.Runtime;
using Edna.Storage.Dynamo;

namespace Edna.Storage.Tests.Dynamo;

/// <summary>What goes wrong with a call.</summary>
internal enum DynamoFaultKind
{
    None,

    /// <summary>It does not arrive.</summary>
    Lost,

    /// <summary>It is done, and the answer is lost.</summary>
    AnswerLost,

    /// <summary>As <see cref="AnswerLost"/>, and by the time that it is repeated the server has forgotten its token.</summary>
    AnswerLostAndForgotten,

    /// <summary>It is refused for load.</summary>
    Throttled,

    /// <summary>The answer is no JSON.</summary>
    Garbage,
}

/// <summary>A way to the server on which calls go wrong as a test plans it.</summary>
internal sealed partial class DynamoFaults : DelegatingHandler
{
    private readonly ConcurrentDictionary<string, bool> _throttled = new();
    private int _calls;
    private volatile bool _forget;

    public DynamoFaults() : base(new SocketsHttpHandler())
    {
    }

    /// <summary>What goes wrong, by the name of the operation and the number of the call, from 0.</summary>
    public Func<string, int, DynamoFaultKind> Plan { get; set; } = (_, _) => DynamoFaultKind.None;

    /// <summary>Is waited for before each call.</summary>
    public Func<string, Task> Before { get; set; } = _ => Task.CompletedTask;

    /// <summary>Every request is throttled once, whoever makes it.</summary>
    public bool ThrottlesEachOnce { get; set; }

    public int Calls => _calls;

    /// <summary>A client that goes this way.</summary>
    public IAmazonDynamoDB Client(DynamoOptions options, int retries) => new AmazonDynamoDBClient(
        new BasicAWSCredentials(options.AccessKeyId, options.SecretAccessKey),
        new AmazonDynamoDBConfig
        {
            ServiceURL = options.Endpoint!.ToString(), AuthenticationRegion = "us-east-1", MaxErrorRetry = retries, RetryMode = RequestRetryMode.Standard,
            HttpClientFactory = new Factory(this), DisableLogging = true,
        });

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var operation = request.Headers.GetValues("X-Amz-Target").Single().Split('.')[1];
        await Before(operation);
        var kind = Plan(operation, Interlocked.Increment(ref _calls) - 1);
        if (ThrottlesEachOnce && _throttled.TryAdd(operation + await request.Content!.ReadAsStringAsync(cancellationToken), true)) kind = DynamoFaultKind.Throttled;
        if (_forget && operation == "TransactWriteItems")
        {
            _forget = false;
            var body = await request.Content!.ReadAsStringAsync(cancellationToken);
            request.Content = new StringContent(Token().Replace(body, $"\"ClientRequestToken\":\"{Guid.NewGuid():n}\""), Encoding.UTF8, "application/x-amz-json-1.0");
        }
        if (kind == DynamoFaultKind.Lost) throw new HttpRequestException("The call is lost.");
        if (kind == DynamoFaultKind.Throttled) return Answer(HttpStatusCode.BadRequest, """{"__type":"com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException","message":"slow"}""");
        if (kind == DynamoFaultKind.Garbage) return Answer(HttpStatusCode.OK, "<html>not you</html>");
        var answer = await base.SendAsync(request, cancellationToken);
        if (kind is not (DynamoFaultKind.AnswerLost or DynamoFaultKind.AnswerLostAndForgotten)) return answer;
        _forget = kind == DynamoFaultKind.AnswerLostAndForgotten;
        answer.Dispose();
        throw new HttpRequestException("The answer is lost.");
    }

    private static HttpResponseMessage Answer(HttpStatusCode status, string body) =>
        new(status) { Content = new StringContent(body, Encoding.UTF8, "application/x-amz-json-1.0") };

    [GeneratedRegex("\"ClientRequestToken\":\"[^\"]*\"")]
    private static partial Regex Token();

    private sealed class Factory(DynamoFaults handler) : HttpClientFactory
    {
        public override HttpClient CreateHttpClient(IClientConfig clientConfig) => new(handler, disposeHandler: false);

        public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

        public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;
    }
}
