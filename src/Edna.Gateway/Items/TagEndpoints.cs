using Edna.Access;
using Edna.Answers;
using Edna.OpenApi;
using Edna.Requests;
using Edna.Results;

namespace Edna.Items;

/// <summary><c>…/items/{item}/tags</c>. The <c>ETag</c> is the item's.</summary>
internal static class TagEndpoints
{
    /// <summary>Maps the routes.</summary>
    public static void MapTags(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/datasets/{dataset}/items/{item}/tags").WithTags("Tags").AddEndpointFilter<BoundFilter>();
        group.MapGet("", GetAsync).Requires(Permissions.Read)
            .Says<IReadOnlyDictionary<string, string>>("Read an item's tags").Refuses(404);
        group.MapPut("", PutAsync).Requires(Permissions.Write)
            .Says<IReadOnlyDictionary<string, string>>("Replace an item's tags").Refuses(404, 409, 412);
        group.MapPatch("", PatchAsync).Requires(Permissions.Write)
            .Says<IReadOnlyDictionary<string, string>>("Merge tags; null removes one").Refuses(404, 409, 412);
        group.MapDelete("", DeleteAsync).Requires(Permissions.Write)
            .Says("Remove all tags of an item", 204).Refuses(404, 409, 412);
    }

    private static async Task<Answer<IReadOnlyDictionary<string, string>>> GetAsync(ItemAddress at, IGrainFactory grains) =>
        TagsOf(await grains.Item(at.Key).GetAsync(includeDownloadUrl: false));

    private static async Task<Answer<IReadOnlyDictionary<string, string>>> PutAsync(
        ItemAddress at, Body<TagChanges> body, IfMatch ifMatch, IGrainFactory grains)
    {
        var nulls = body.Value.Where(t => t.Value is null).ToDictionary(t => t.Key, string[] (_) => ["must be a string; PATCH with null removes a tag"]);
        if (nulls.Count > 0) return RequestErrors.Invalid(nulls);
        var tags = body.Value.ToDictionary(t => t.Key, t => t.Value!);
        return TagsOf(await grains.Item(at.Key).SetTagsAsync(tags, ifMatch.Revision, at.By));
    }

    private static async Task<Answer<IReadOnlyDictionary<string, string>>> PatchAsync(
        ItemAddress at, Body<TagChanges> body, IfMatch ifMatch, IGrainFactory grains) =>
        TagsOf(await grains.Item(at.Key).MergeTagsAsync(body.Value, ifMatch.Revision, at.By));

    private static async Task<Answer<Item>> DeleteAsync(ItemAddress at, IfMatch ifMatch, IGrainFactory grains) =>
        (await grains.Item(at.Key).SetTagsAsync(new Dictionary<string, string>(), ifMatch.Revision, at.By)).ToNoContent();

    private static Answer<IReadOnlyDictionary<string, string>> TagsOf(Result<Item> result) => result.TryGet(out var item, out var problem)
        ? new Answer<IReadOnlyDictionary<string, string>> { Value = item.Tags, Revision = item.Revision }
        : problem;
}
