using System.Text.Json;
using Edna.Access;
using Edna.Idempotency;
using Edna.Json;
using Edna.Keys;
using Edna.OpenApi;
using Edna.Problems;
using Edna.Requests;
using Edna.Results;

namespace Edna.Items;

/// <summary><c>…/items:batch</c> and its siblings: up to 1,000 items of a dataset in one request, each with its own outcome.</summary>
internal static class ItemBatchEndpoints
{
    private static readonly JsonEncodedText ItemName = JsonEncodedText.Encode("item");
    private static readonly JsonEncodedText UploadName = JsonEncodedText.Encode("upload");
    private static readonly JsonEncodedText IdName = JsonEncodedText.Encode("id");

    /// <summary>Maps the routes.</summary>
    public static void MapItemBatches(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/datasets/{dataset}").WithTags("Batches").AddEndpointFilter<BoundFilter>();
        group.MapPost("items:batch", PlanAsync).Requires(Permissions.Write).Idempotent()
            .Says<ItemPlanResults>("Announce up to 1,000 items and get signed uploads").Refuses(404);
        group.MapPost("items:complete", CompleteAsync).Requires(Permissions.Write)
            .Says<ItemResults>("Confirm up to 1,000 single uploads").Refuses(404);
        group.MapPost("items:downloads", GetDownloadsAsync).Requires(Permissions.Read)
            .Says<DownloadResults>("Sign up to 1,000 downloads").Refuses(404);
        group.MapPost("items:delete", DeleteAsync).Requires(Permissions.Write)
            .Says<DeleteResults>("Move up to 1,000 items to the trash, or remove them for good").Refuses(404);
    }

    private static async Task<IResult> PlanAsync(DatasetAddress at, ItemBatchBody body, IGrainFactory grains)
    {
        var good = ValuesOf(body.Entries);
        var outcome = await grains.Items(at.Key).PlanAsync(good, at.By);
        if (!outcome.TryGet(out var plans, out var problem)) return new ProblemAnswer(problem);
        return new BatchAnswer<ItemPlan>(InOrder(body.Entries, plans), static (json, plan, _) =>
        {
            json.WriteStartObject();
            json.WritePropertyName(ItemName);
            JsonSerializer.Serialize(json, plan.Item, EdnaJson.Of<Item>());
            json.WritePropertyName(UploadName);
            if (plan.Upload is null) json.WriteNullValue();
            else JsonSerializer.Serialize(json, plan.Upload, EdnaJson.Of<Upload>());
            json.WriteEndObject();
        });
    }

    private static async Task<IResult> CompleteAsync(DatasetAddress at, Body<ItemIds> body, IGrainFactory grains)
    {
        if (CheckIds(body.Value, out var ids) is { } refused) return new ProblemAnswer(refused);
        if (!(await grains.Items(at.Key).CompleteAsync(ValuesOf(ids), at.By)).TryGet(out var items, out var problem)) return new ProblemAnswer(problem);
        return new BatchAnswer<Item>(InOrder(ids, items), static (json, item, _) =>
        {
            json.WriteStartObject();
            json.WritePropertyName(ItemName);
            JsonSerializer.Serialize(json, item, EdnaJson.Of<Item>());
            json.WriteEndObject();
        });
    }

    private static async Task<IResult> GetDownloadsAsync(DatasetAddress at, Body<ItemIds> body, IGrainFactory grains)
    {
        if (CheckIds(body.Value, out var ids) is { } refused) return new ProblemAnswer(refused);
        if (!(await grains.Items(at.Key).GetDownloadsAsync(ValuesOf(ids))).TryGet(out var downloads, out var problem)) return new ProblemAnswer(problem);
        return new BatchAnswer<Download>(InOrder(ids, downloads), static (json, download, _) =>
            JsonSerializer.Serialize(json, download, EdnaJson.Of<Download>()));
    }

    private static async Task<IResult> DeleteAsync(DatasetAddress at, Permanently how, Body<ItemIds> body, IGrainFactory grains)
    {
        if (CheckIds(body.Value, out var ids) is { } refused) return new ProblemAnswer(refused);
        if (!(await grains.Items(at.Key).DeleteAsync(ValuesOf(ids), how.Permanent, at.By)).TryGet(out var done, out var problem)) return new ProblemAnswer(problem);
        return new BatchAnswer<Done>(InOrder(ids, done), (json, _, place) =>
        {
            json.WriteStartObject();
            json.WriteString(IdName, ids[place].Value);
            json.WriteEndObject();
        });
    }

    private static Problem? CheckIds(ItemIds body, out IReadOnlyList<Result<string>> ids)
    {
        ids = [];
        if (body.Items is null) return RequestErrors.Invalid("items", "must be an array of item ids");
        if (body.Items.Count > IItemBatchGrain.Limit) return RequestErrors.Invalid("items", $"must hold at most {IItemBatchGrain.Limit} entries");
        ids = [.. body.Items.Select(id => ItemId.IsValid(id) ? (Result<string>)id : RequestErrors.Invalid("item", ItemAddress.IdRule))];
        return null;
    }

    private static List<T> ValuesOf<T>(IReadOnlyList<Result<T>> entries)
    {
        var values = new List<T>(entries.Count);
        foreach (var entry in entries)
            if (entry.TryGet(out var value, out _)) values.Add(value);
        return values;
    }

    /// <summary>Puts the outcomes of the good entries back between the problems of the others.</summary>
    private static IReadOnlyList<Result<TOut>> InOrder<TIn, TOut>(IReadOnlyList<Result<TIn>> entries, IReadOnlyList<Result<TOut>> outcomes)
    {
        if (entries.Count == outcomes.Count) return outcomes;
        var (all, next) = (new Result<TOut>[entries.Count], 0);
        for (var i = 0; i < all.Length; i++) all[i] = entries[i].Problem is { } problem ? problem : outcomes[next++];
        return all;
    }
}
