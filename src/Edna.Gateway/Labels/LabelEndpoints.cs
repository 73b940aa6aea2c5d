using System.Globalization;
using Edna.Access;
using Edna.Answers;
using Edna.OpenApi;
using Edna.Requests;
using Edna.Results;

namespace Edna.Labels;

/// <summary><c>…/items/{item}/labels</c>. The <c>ETag</c> is the label revision.</summary>
internal static class LabelEndpoints
{
    /// <summary>Maps the routes.</summary>
    public static void MapLabels(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/datasets/{dataset}/items/{item}/labels").WithTags("Labels").AddEndpointFilter<BoundFilter>();
        group.MapGet("", GetAsync).Requires(Permissions.Read)
            .Says<LabelDocument>("Read an item's labels").Refuses(404);
        group.MapPut("", PutAsync).Requires(Permissions.Label)
            .Says<LabelDocument>("Write an item's labels").Refuses(404, 409, 412);
        group.MapDelete("", DeleteAsync).Requires(Permissions.Label)
            .Says("Remove an item's labels; the history stays", 204).Refuses(404, 412);
        group.MapGet("history", GetHistoryAsync).Requires(Permissions.Read)
            .Says<LabelHistoryPage>("List who wrote which labels, newest first").Refuses(404);
        group.MapGet("history/{revision}", GetRevisionAsync).Requires(Permissions.Read)
            .Says<LabelDocument>("Read labels of the past").Refuses(404);
        group.MapPost("review", ReviewAsync).Requires(Permissions.Label)
            .Says<LabelDocument>("Approve or reject an item's labels").Refuses(404, 409, 412);
    }

    private static async Task<Answer<LabelDocument>> GetAsync(ItemAddress at, IGrainFactory grains) =>
        (await grains.Item(at.Key).GetLabelsAsync()).ToAnswer(d => d.Revision);

    private static async Task<Answer<LabelDocument>> PutAsync(ItemAddress at, Body<PutLabels> body, IfMatch ifMatch, IGrainFactory grains) =>
        (await grains.Item(at.Key).PutLabelsAsync(body.Value, ifMatch.Revision, at.By)).ToAnswer(d => d.Revision);

    private static async Task<Answer<Done>> DeleteAsync(ItemAddress at, IfMatch ifMatch, IGrainFactory grains) =>
        (await grains.Item(at.Key).DeleteLabelsAsync(ifMatch.Revision, at.By)).ToNoContent();

    private static async Task<Answer<LabelHistoryPage>> GetHistoryAsync(ItemAddress at, Page page, IGrainFactory grains)
    {
        long? before = null;
        if (page.Cursor is { } cursor)
        {
            if (!long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var revision))
                return RequestErrors.Invalid("cursor", "must be a nextCursor of this list");
            before = revision;
        }
        var result = await grains.Item(at.Key).GetLabelHistoryAsync(before, page.Limit);
        return result.TryGet(out var history, out var problem)
            ? new LabelHistoryPage { Items = history.Items, NextCursor = history.Before?.ToString(CultureInfo.InvariantCulture) }
            : problem;
    }

    private static async Task<Answer<LabelDocument>> GetRevisionAsync(ItemAddress at, LabelRevision which, IGrainFactory grains) =>
        (await grains.Item(at.Key).GetLabelRevisionAsync(which.Number)).ToAnswer(d => d.Revision);

    private static async Task<Answer<LabelDocument>> ReviewAsync(ItemAddress at, Body<ReviewLabels> body, IfMatch ifMatch, IGrainFactory grains) =>
        (await grains.Item(at.Key).ReviewLabelsAsync(body.Value, ifMatch.Revision, at.By)).ToAnswer(d => d.Revision);
}
