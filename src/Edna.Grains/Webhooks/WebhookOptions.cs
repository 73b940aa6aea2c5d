using System.Net;
using Microsoft.Extensions.Options;

namespace Edna.Webhooks;

/// <summary>Where webhooks may send, and how often they try. Section <c>Edna:Webhooks</c>.</summary>
public sealed class WebhookOptions
{
    /// <summary>The section.</summary>
    public const string Section = "Edna:Webhooks";

    /// <summary>Whether addresses may be plain http. Default: false.</summary>
    public bool AllowHttp { get; set; }

    /// <summary>Whether private, shared and loopback addresses may be sent to. Default: false. Link-local ones need <see cref="AllowedNetworks"/>.</summary>
    public bool AllowPrivateTargets { get; set; }

    /// <summary>Networks that may be sent to although they are not public, such as <c>10.1.0.0/16</c>. Default: none.</summary>
    public IList<string> AllowedNetworks { get; } = [];

    /// <summary>How long an attempt may take, with connecting and answering; one second to 25 seconds. Default: 15 s.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>The pause after the first failure, doubled after each; a tenth of a second to one hour. Default: 5 s.</summary>
    public TimeSpan FirstPause { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest pause; not shorter than <see cref="FirstPause"/>, up to one day. Default: one hour.</summary>
    public TimeSpan LongestPause { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long after its first attempt a delivery is given up; one second to seven days. Default: one day.</summary>
    public TimeSpan GiveUpAfter { get; set; } = TimeSpan.FromDays(1);

    /// <summary>For how long a secret that was replaced signs too; 0 to seven days. Default: one day.</summary>
    public TimeSpan SecretOverlap { get; set; } = TimeSpan.FromDays(1);

    /// <summary>How often a webhook looks at the change feed although nobody told it to; one minute to one hour. Default: two minutes.</summary>
    public TimeSpan LookInterval { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>The schedule of attempts.</summary>
    internal RetrySchedule Schedule => new(FirstPause, LongestPause, GiveUpAfter);
}

/// <summary>Finds wrong settings on start, each with its key and the reason.</summary>
public sealed class WebhookOptionsValidation : IValidateOptions<WebhookOptions>
{
    /// <inheritdoc />
    public ValidateOptionsResult Validate(string? name, WebhookOptions options)
    {
        var faults = new List<string>();
        void Check(bool right, string key, string reason)
        {
            if (!right) faults.Add($"{WebhookOptions.Section}:{key}: {reason}");
        }

        static bool Between(TimeSpan value, TimeSpan least, TimeSpan most) => value >= least && value <= most;

        Check(Between(options.Timeout, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(25)), nameof(options.Timeout), "must be one second (00:00:01) to 25 seconds.");
        Check(Between(options.FirstPause, TimeSpan.FromSeconds(0.1), TimeSpan.FromHours(1)), nameof(options.FirstPause), "must be a tenth of a second (00:00:00.1) to one hour.");
        Check(Between(options.LongestPause, options.FirstPause, TimeSpan.FromDays(1)), nameof(options.LongestPause), "must be FirstPause to one day (1.00:00:00).");
        Check(Between(options.GiveUpAfter, TimeSpan.FromSeconds(1), TimeSpan.FromDays(7)), nameof(options.GiveUpAfter), "must be one second to seven days (7.00:00:00).");
        Check(Between(options.SecretOverlap, TimeSpan.Zero, TimeSpan.FromDays(7)), nameof(options.SecretOverlap), "must be 00:00:00 to seven days (7.00:00:00).");
        Check(Between(options.LookInterval, TimeSpan.FromMinutes(1), TimeSpan.FromHours(1)), nameof(options.LookInterval), "must be one minute (00:01:00) to one hour.");
        for (var i = 0; i < options.AllowedNetworks.Count; i++)
            Check(IPNetwork.TryParse(options.AllowedNetworks[i], out _), $"{nameof(options.AllowedNetworks)}:{i}", "must be a network such as 10.1.0.0/16 or fd12:3456::/32.");
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
