using Edna.Access;
using Edna.Answers;
using Edna.Idempotency;
using Edna.OpenApi;
using Edna.Requests;
using Edna.Results;

namespace Edna.Items;

/// <summary><c>/v1/datasets/{dataset}/items</c>.</summary>
internal static class ItemEndpoints
{
    /// <summary>Maps the routes.</summary>
    public static void MapItems(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/datasets/{dataset}/items").WithTags("Items").AddEndpointFilter<BoundFilter>();
        group.MapPost("", PlanAsync).Requires(Permissions.Write).Idempotent()
            .Says<ItemPlan>("Announce an item and get a signed upload", 201).Produces<ItemPlan>().Refuses(404, 409, 501);
        group.MapGet("", ListAsync).Requires(Permissions.Read)
            .Says<ItemPage>("List items by path, with filters").Refuses(404);
        group.MapGet("{item}", GetAsync).Requires(Permissions.Read)
            .Says<Item>("Read an item, or wait until its upload is settled").Refuses(404);
        group.MapGet("{item}/content", GetContentAsync).Requires(Permissions.Read)
            .Says("Go to the item's bytes: 307 to a signed GET", 307).Refuses(404, 409);
        group.MapPatch("{item}", PatchAsync).Requires(Permissions.Write)
            .Says<Item>("Change metadata and split by JSON merge patch").Refuses(404, 409, 412);
        group.MapDelete("{item}", DeleteAsync).Requires(Permissions.Write)
            .Says("Move an item to the trash, or remove it for good", 204).Refuses(404, 412);
        group.MapPost("{item}/restore", RestoreAsync).Requires(Permissions.Write)
            .Says<Item>("Take an item out of the trash").Refuses(404, 412);
    }

    private static async Task<Answer<ItemPlan>> PlanAsync(DatasetAddress at, Body<CreateItem> body, IGrainFactory grains)
    {
        // The worker for many serves one just as well: it inserts what is new without waking a grain.
        if (!(await grains.Items(at.Key).PlanAsync([body.Value], at.By)).TryGet(out var plans, out var refused)) return refused;
        if (!plans[0].TryGet(out var plan, out var problem)) return problem;
        return new()
        {
            Value = plan, Status = plan.Upload is null ? 200 : 201, Revision = plan.Item.Revision, Location = $"{at.Location}/items/{plan.Item.Id}",
        };
    }

    private static async Task<Answer<ItemPage>> ListAsync(DatasetAddress at, ItemFilter filter, IGrainFactory grains) =>
        (await grains.Query(at.Caller).ListItemsAsync(at.Key, filter.Request)).ToAnswer();

    private static async Task<Answer<Item>> GetAsync(ItemAddress at, ItemInclude include, WaitFor wait, ItemWaiting items, CancellationToken gone) =>
        (await items.GetAsync(at.Key, include.DownloadUrl, wait.AtMost, gone)).ToAnswer(i => i.Revision);

    private static async Task<Answer<Download>> GetContentAsync(ItemAddress at, ContentDisposition disposition, IGrainFactory grains) =>
        (await grains.Item(at.Key).GetDownloadAsync(disposition.Attachment)).TryGet(out var download, out var problem)
            ? new Answer<Download> { Status = 307, Location = download.Url }
            : problem;

    private static async Task<Answer<Item>> PatchAsync(ItemAddress at, MergePatch patch, IfMatch ifMatch, IGrainFactory grains) =>
        (await grains.Item(at.Key).PatchAsync(patch.Value, ifMatch.Revision, at.By)).ToAnswer(i => i.Revision);

    private static async Task<Answer<Done>> DeleteAsync(ItemAddress at, Permanently how, IfMatch ifMatch, IGrainFactory grains)
    {
        var item = grains.Item(at.Key);
        if (how.Permanent) return (await item.PurgeAsync(ifMatch.Revision, at.By)).ToNoContent();
        return (await item.TrashAsync(ifMatch.Revision, at.By)).TryGet(out _, out var problem) ? new Answer<Done> { Status = 204 } : problem;
    }

    private static async Task<Answer<Item>> RestoreAsync(ItemAddress at, IfMatch ifMatch, IGrainFactory grains) =>
        (await grains.Item(at.Key).RestoreAsync(ifMatch.Revision, at.By)).ToAnswer(i => i.Revision);
}
