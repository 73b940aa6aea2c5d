using Edna.Access;
using Edna.ActivityLog;
using Edna.Changes;
using Edna.Datasets;
using Edna.Events;
using Edna.Health;
using Edna.Idempotency;
using Edna.Imports;
using Edna.Items;
using Edna.Jobs;
using Edna.Labels;
using Edna.OpenApi;
using Edna.Operators;
using Edna.Problems;
using Edna.Search;
using Edna.Store;
using Edna.Webhooks;

namespace Edna.Hosting;

/// <summary>What a request passes, and what it can reach.</summary>
internal static class GatewayPipeline
{
    /// <summary>From the outside in: problems, route, who asks, what they may do, once only.</summary>
    public static WebApplication UseEdnaGateway(this WebApplication app)
    {
        app.UseForwardedHeaders();
        app.UseMiddleware<ProblemMiddleware>();
        app.UseRouting();
        app.UseAuthentication();
        app.UseMiddleware<ActivityMiddleware>();
        app.UseAuthorization();
        app.UseMiddleware<IdempotencyMiddleware>();
        return app;
    }

    /// <summary>Every address, by thing.</summary>
    public static WebApplication MapEdna(this WebApplication app)
    {
        app.MapDatasets();
        app.MapItems();
        app.MapItemBatches();
        app.MapUploads();
        app.MapTags();
        app.MapLabels();
        app.MapSearch();
        app.MapChanges();
        app.MapWebhooks();
        app.MapJobs();
        app.MapImports();
        app.MapApiKeys();
        app.MapCallbacks();
        app.MapHealth();
        app.MapOperators();
        app.MapApiDocument();
        app.MapFileStore();
        return app;
    }
}
