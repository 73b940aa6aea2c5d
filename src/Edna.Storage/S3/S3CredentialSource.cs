using Amazon.Runtime;
using Amazon.Runtime.Credentials;
using Edna.Results;
using Edna.Storage.Signing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Edna.Storage.S3;

/// <summary>
/// Keeps the presigner's credentials fresh, so that signing never waits: temporary ones (an ECS task's role, a web identity) are
/// asked for again every minute, and the SDK renews them ahead of their end.
/// </summary>
internal sealed partial class S3CredentialSource : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private readonly string _region;
    private readonly TimeProvider _time;
    private readonly ILogger<S3CredentialSource> _log;
    private volatile SigV4Presigner? _presigner;

    public S3CredentialSource(S3ObjectOptions options, TimeProvider time, ILogger<S3CredentialSource> log)
        : this(options.Region ?? "us-east-1", FromOptions(options), time, log)
    {
        if (Credentials is not null) Take(new(options.AccessKeyId!, options.SecretAccessKey!, options.SessionToken));
    }

    /// <summary>A source of its own, for tests.</summary>
    internal S3CredentialSource(string region, AWSCredentials? credentials, TimeProvider time, ILogger<S3CredentialSource> log) =>
        (_region, Credentials, _time, _log) = (region, credentials, time, log);

    /// <summary>What the SDK's client signs with; null for its own chain.</summary>
    public AWSCredentials? Credentials { get; private set; }

    /// <summary>The presigner.</summary>
    /// <exception cref="UnavailableException">No credentials have been had yet.</exception>
    public SigV4Presigner Presigner => _presigner ?? throw new UnavailableException("The object store's credentials");

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_presigner is not null) return;
        await RefreshAsync();
        await base.StartAsync(cancellationToken);
    }

    /// <summary>Asks for the credentials once; a failure is logged, and the former ones stay in use.</summary>
    internal async Task RefreshAsync()
    {
        try
        {
            Credentials ??= await DefaultAWSCredentialsIdentityResolver.GetCredentialsAsync();
            var now = await Credentials.GetCredentialsAsync();
            Take(new(now.AccessKey, now.SecretKey, now.Token, Credentials.Expiration is { } end ? new(end.ToUniversalTime()) : null));
        }
        catch (Exception e)
        {
            LogNoCredentials(e);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await RefreshAsync();
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private static AWSCredentials? FromOptions(S3ObjectOptions options)
    {
        if (string.IsNullOrEmpty(options.AccessKeyId)) return null;
        return string.IsNullOrEmpty(options.SessionToken)
            ? new BasicAWSCredentials(options.AccessKeyId, options.SecretAccessKey)
            : new SessionAWSCredentials(options.AccessKeyId, options.SecretAccessKey, options.SessionToken);
    }

    private void Take(SigningCredentials credentials)
    {
        if (_presigner is not { } presigner) _presigner = new SigV4Presigner(_region, credentials);
        else if (!presigner.Credentials.SameAs(credentials)) presigner.Use(credentials);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "No AWS credentials could be had; those from before, if any, stay in use.")]
    private partial void LogNoCredentials(Exception fault);
}
