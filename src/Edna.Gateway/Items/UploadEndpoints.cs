using Edna.Access;
using Edna.Answers;
using Edna.OpenApi;
using Edna.Requests;

namespace Edna.Items;

/// <summary><c>…/items/{item}/upload</c>.</summary>
internal static class UploadEndpoints
{
    /// <summary>Maps the routes.</summary>
    public static void MapUploads(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/datasets/{dataset}/items/{item}/upload").WithTags("Uploads").AddEndpointFilter<BoundFilter>();
        group.MapGet("", GetAsync).Requires(Permissions.Write)
            .Says<UploadState>("Read the open upload, with a fresh URL").Refuses(404, 409);
        group.MapPost("parts", SignPartsAsync).Requires(Permissions.Write)
            .Says<Upload>("Sign parts of a multipart upload").Refuses(404, 409);
        group.MapPost("complete", CompleteAsync).Requires(Permissions.Write)
            .Says<Item>("Have the store asked what arrived; repeating it answers the same").Refuses(404, 409);
        group.MapDelete("", AbortAsync).Requires(Permissions.Write)
            .Says<Item>("Give the open upload up").Refuses(404, 409);
    }

    private static async Task<Answer<UploadState>> GetAsync(ItemAddress at, IGrainFactory grains) =>
        (await grains.Item(at.Key).GetUploadAsync()).ToAnswer();

    private static async Task<Answer<Upload>> SignPartsAsync(ItemAddress at, Body<PartNumbers> body, IGrainFactory grains) =>
        (await grains.Item(at.Key).SignPartsAsync(body.Value.Numbers ?? [], at.By)).ToAnswer();

    private static async Task<Answer<Item>> CompleteAsync(ItemAddress at, OptionalBody<CompleteUpload> body, IGrainFactory grains) =>
        (await grains.Item(at.Key).CompleteAsync(body.Value?.Parts, at.By)).ToAnswer(i => i.Revision);

    private static async Task<Answer<Item>> AbortAsync(ItemAddress at, IGrainFactory grains) =>
        (await grains.Item(at.Key).AbortUploadAsync(at.By)).ToAnswer(i => i.Revision);
}
