using Edna.Changes;
using Edna.Datasets;
using Edna.Events;
using Edna.Items;
using Edna.Jobs;
using Edna.Rebuild;
using Edna.Scrub;
using Edna.Search;
using Edna.Webhooks;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Dashboard;
using Orleans.Runtime.Hosting;

namespace Edna.Hosting;

/// <summary>Puts a silo with all of EDNA's grains into a host.</summary>
public static class EdnaSiloHosting
{
    /// <summary>
    /// Adds a silo, its grains, and the adapters that the configuration names. A wrong configuration value throws
    /// <see cref="Microsoft.Extensions.Options.OptionsValidationException"/>, here or when the host starts, with the key and the reason.
    /// </summary>
    /// <param name="builder">The host that is being built.</param>
    public static IHostApplicationBuilder AddEdnaSilo(this IHostApplicationBuilder builder)
    {
        UnicodeSupport.Require();
        builder.Services.AddEdnaServices(builder.Configuration);
        // Traces of the dashboard's own would show logs, in which anything may stand.
        builder.UseOrleans(silo =>
        {
            silo.UseEdnaCluster(builder.Configuration).AddEdnaGrains().AddDashboard(dashboard => dashboard.HideTrace = true);
            if (TelemetryServices.IsTraced(builder.Configuration)) silo.AddActivityPropagation();
        });
        return builder;
    }

    /// <summary>Registers what the grains need: data directory, options, adapters, indexer.</summary>
    internal static IServiceCollection AddEdnaServices(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddEdnaDataDirectory(configuration);
        services.AddEdnaGrainServices(configuration);
        services.AddEdnaAdapters(configuration);
        services.AddEdnaShutdown(configuration);
        services.MeasurePorts();
        return services;
    }

    /// <summary>Sets a silo up for the grains.</summary>
    internal static ISiloBuilder AddEdnaGrains(this ISiloBuilder silo)
    {
        silo.AddReminders();
        silo.AddStartupTask<FeedsOnStart>();
        silo.Services.AddHostedService<FeedsOnDeath>();
        silo.AddStartupTask<BucketSweepOnStart>();
        silo.AddStartupTask<ChangeRetentionOnStart>();
        silo.AddStartupTask<WebhooksOnStart>();
        silo.AddStartupTask<IndexingSwitch>();

        // Item grains are many and cheap to wake; keeping idle ones would cost more memory than reading their row again costs time.
        silo.Configure<GrainCollectionOptions>(options =>
        {
            options.CollectionQuantum = TimeSpan.FromSeconds(5);
            options.CollectionAge = TimeSpan.FromMinutes(2);
            options.ClassSpecificCollectionAge[typeof(ItemGrain).FullName!] = TimeSpan.FromSeconds(15);
        });
        return silo;
    }

    /// <summary>Registers the data directory: <c>EDNA_DATA</c>, default <c>./.edna</c>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">The root of the configuration.</param>
    public static IServiceCollection AddEdnaDataDirectory(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(_ => new DataDirectory(configuration["EDNA_DATA"] is { Length: > 0 } path ? path : ".edna"));
        return services;
    }

    private static void AddEdnaGrainServices(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<UploadOptions>().Bind(configuration.GetSection("Edna:Uploads"))
            .Validate(o => o.UrlLifetime >= TimeSpan.FromMinutes(1) && o.UrlLifetime <= TimeSpan.FromDays(7),
                "Edna:Uploads:UrlLifetime: must be one minute (00:01:00) to seven days (7.00:00:00).")
            .Validate(o => o.Grace >= TimeSpan.Zero && o.Grace <= TimeSpan.FromDays(1), "Edna:Uploads:Grace: must be 00:00:00 to one day.")
            .Validate(o => o.DownloadUrlLifetime >= TimeSpan.FromSeconds(1) && o.DownloadUrlLifetime <= TimeSpan.FromDays(7),
                "Edna:Uploads:DownloadUrlLifetime: must be one second to seven days.")
            .Validate(o => o.SweepInterval >= TimeSpan.FromSeconds(1) && o.SweepInterval <= TimeSpan.FromHours(1),
                "Edna:Uploads:SweepInterval: must be one second (00:00:01) to one hour (01:00:00).")
            .Validate(o => o.OrphanInterval >= TimeSpan.FromMinutes(1) && o.OrphanInterval <= TimeSpan.FromDays(1),
                "Edna:Uploads:OrphanInterval: must be one minute (00:01:00) to one day (1.00:00:00).")
            .ValidateOnStart();
        services.AddOptions<DatasetOptions>().Bind(configuration.GetSection("Edna:Datasets"))
            .Validate(o => o.TrashRetentionDays is >= 0 and <= Dataset.MostTrashRetentionDays,
                $"Edna:Datasets:TrashRetentionDays: must be 0 to {Dataset.MostTrashRetentionDays}.")
            .ValidateOnStart();
        services.AddOptions<ChangeRetentionOptions>().Bind(configuration.GetSection(ChangeRetentionOptions.Section))
            .Validate(o => o.Retention >= ChangeRetentionOptions.Least && o.Retention <= ChangeRetentionOptions.Most,
                "Edna:Changes:Retention: must be one hour (01:00:00) to a hundred years (36500.00:00:00), which keeps all.")
            .ValidateOnStart();
        services.AddWebhooks(configuration);
        services.AddSingleton<DatasetCache>();
        services.AddSingleton<ChangeNotifier>();
        services.AddSingleton<SweepPace>();
        services.AddSingleton<ItemUploads>();
        services.AddSingleton<JobWorks>();
        services.AddSingleton<StorageBindings>();
        services.AddSingleton<EventRouter>();
        services.AddSingleton<ItemGrainStorage>();
        services.AddGrainStorage(ItemGrainStorage.Name, static (provider, _) => provider.GetRequiredService<ItemGrainStorage>());
        services.AddSqsEvents(configuration);
        services.AddSingleton<SearchIndexer>();
        services.AddSingleton<Patience>().AddSingleton<BucketItems>().AddSingleton<BucketEvidence>().AddSingleton<DatasetsInBucket>();
        services.AddSingleton<InPlaceRebuild>().AddSingleton<DatasetRebuild>().AddSingleton<ItemScrub>().AddSingleton<BucketScrub>();
        services.AddHostedService(static provider => provider.GetRequiredService<SearchIndexer>());
    }
}
