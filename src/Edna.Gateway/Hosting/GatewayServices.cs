using Edna.Access;
using Edna.ActivityLog;
using Edna.Changes;
using Edna.Health;
using Edna.Items;
using Edna.Json;
using Edna.OpenApi;
using Edna.Operators;
using Edna.Requests;
using Microsoft.Extensions.Configuration.Memory;

namespace Edna.Hosting;

/// <summary>What the gateway needs to run.</summary>
internal static class GatewayServices
{
    /// <summary>Where it listens when nobody says otherwise: this machine only.</summary>
    public const string DefaultUrl = "http://127.0.0.1:5080";

    /// <summary>An argument: the configuration is read once. Watching its files would watch every write below them, the data directory's too.</summary>
    public const string ReadOnce = "--hostBuilder:reloadConfigOnChange=false";

    private static readonly KeyValuePair<string, string?>[] Defaults =
    [
        new("Logging:LogLevel:Default", "Information"),
        new("Logging:LogLevel:Microsoft", "Warning"),
        new("Logging:LogLevel:Orleans", "Warning"),
        new("Logging:LogLevel:Microsoft.Orleans", "Warning"),
        // Recommends the server collector, which trades memory for throughput; EDNA is tuned for the other.
        new("Logging:LogLevel:Orleans.Runtime.Silo", "Error"),
        new("Logging:LogLevel:Orleans.Runtime.Watchdog", "Error"),
        new("Logging:LogLevel:Polly", "Warning"),
        new("Logging:LogLevel:Microsoft.Hosting.Lifetime", "Warning"),
    ];

    /// <summary>Adds the gateway, and the silo in the same process unless <c>Edna:Silo:CoHosted</c> is false.</summary>
    public static WebApplicationBuilder AddEdnaGateway(this WebApplicationBuilder builder)
    {
        // First in line, so that every other source can overrule them.
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = Defaults });
        if (IsCoHosted(builder.Configuration)) builder.AddEdnaSilo();
        else builder.AddEdnaClusterClient();
        builder.Services.AddSingleton<IOutgoingGrainCallFilter, RepeatedCalls>();
        builder.Services.AddTrustedProxies(builder.Configuration);
        builder.Services.AddAccess(builder.Configuration);
        builder.Services.AddAnswerOptions();
        builder.Services.AddSingleton<ItemWaiting>();
        builder.Services.AddSingleton<Readiness>();
        builder.Services.AddChanges();
        builder.Services.AddOperators(builder.Configuration);
        builder.Services.AddActivityLog();
        builder.Services.AddApiDocument();
        builder.Services.ConfigureHttpJsonOptions(o => o.SerializerOptions.TypeInfoResolverChain.Insert(0, EdnaJson.Default));
        builder.Services.AddHostedService<StartBanner>();
        builder.ListenByDefault();
        return builder;
    }

    private static void ListenByDefault(this WebApplicationBuilder builder)
    {
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = RequestLimits.BatchBytes;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        });
        string[] given = ["urls", "http_ports", "https_ports"];
        if (given.All(key => string.IsNullOrEmpty(builder.Configuration[key])) && !builder.Configuration.GetSection("Kestrel:Endpoints").Exists())
            builder.WebHost.UseUrls(DefaultUrl);
    }

    private static bool IsCoHosted(ConfigurationManager configuration) => configuration["Edna:Silo:CoHosted"] switch
    {
        null or "" => true,
        var text when bool.TryParse(text, out var value) => value,
        var text => throw new ConfigurationException("Edna:Silo:CoHosted", $"must be true or false, not '{text}'."),
    };
}
