using System.Reflection;
using Edna.Items;
using Edna.Problems;
using Edna.Results;
using Xunit;

namespace Edna.Gateway.Tests.Problems;

/// <summary>Clients branch on codes. A code that is renamed or removed fails here; a new one is added to the list on purpose.</summary>
public sealed class ErrorCodesAreStableTests
{
    private static readonly Dictionary<string, int> Pinned = new()
    {
        ["api_key.limit_reached"] = 409, ["api_key.not_found"] = 404,
        ["auth.expired"] = 401, ["auth.forbidden"] = 403, ["auth.invalid"] = 401, ["auth.missing"] = 401,
        ["changes.cursor_expired"] = 410, ["changes.reader_too_slow"] = 503, ["changes.too_many_readers"] = 503,
        ["dataset.being_purged"] = 409, ["dataset.exists"] = 409, ["dataset.limit_reached"] = 409, ["dataset.not_empty"] = 409, ["dataset.not_found"] = 404,
        ["dataset.storage_taken"] = 409, ["event.invalid"] = 400,
        ["idempotency.in_progress"] = 409, ["idempotency.key_reused"] = 422, ["internal"] = 500,
        ["import.item_changed"] = 409, ["import.kind_unavailable"] = 501, ["import.object_refused"] = 403, ["import.object_gone"] = 404, ["import.path_invalid"] = 400,
        ["import.path_taken"] = 409, ["import.upload_open"] = 409,
        ["item.not_available"] = 409, ["item.not_found"] = 404, ["item.trashed"] = 409,
        ["job.faulty"] = 500, ["job.not_cancellable"] = 409, ["job.not_found"] = 404, ["job.store_refuses"] = 403,
        ["labels.invalid"] = 400, ["labels.not_found"] = 404, ["labels.revision_conflict"] = 412,
        ["request.bad"] = 400, ["request.body_missing"] = 400, ["request.invalid"] = 400, ["request.malformed_json"] = 400,
        ["request.too_large"] = 413, ["request.unsupported_media_type"] = 415, ["revision.stale"] = 412,
        ["route.method_not_allowed"] = 405, ["route.not_found"] = 404,
        ["search.busy"] = 503, ["search.count_differs"] = 500, ["search.cursor_expired"] = 410, ["search.document_refused"] = 409, ["search.index_refuses"] = 403, ["search.old_index_stays"] = 403, ["search.query_invalid"] = 400, ["search.reindex_lost"] = 409,
        ["search.reindex_not_needed"] = 409, ["search.reindex_running"] = 409, ["search.sample_differs"] = 500, ["search.too_many_refused"] = 409, ["search.too_slow"] = 503,
        ["service.unavailable"] = 503,
        ["upload.not_multipart"] = 409, ["upload.parts_refused"] = 409, ["upload.parts_missing"] = 409, ["upload.being_verified"] = 503, ["upload.none_open"] = 409, ["upload.not_found_in_store"] = 409,
        ["webhook.delivery_not_found"] = 404, ["webhook.delivery_under_way"] = 409, ["webhook.limit_reached"] = 409, ["webhook.not_found"] = 404, ["webhook.target_refused"] = 400,
    };

    private static readonly string[] PinnedFailures =
        ["object.missing", "object.overwritten", "upload.aborted", "upload.checksum_mismatch", "upload.content_type_mismatch", "upload.expired", "upload.size_mismatch"];

    [Fact]
    public void Every_problem_keeps_its_code_and_status()
    {
        var made = new[] { typeof(Problem).Assembly, typeof(GatewayErrors).Assembly }
            .SelectMany(a => a.GetTypes()).Where(t => t.Name.EndsWith("Errors", StringComparison.Ordinal))
            .SelectMany(t => t.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Where(m => m.ReturnType == typeof(Problem) && m.Name != nameof(UploadErrors.Failed))
            .Select(m => (Problem)m.Invoke(null, [.. m.GetParameters().Select(Sample)])!)
            .DistinctBy(p => p.Code).OrderBy(p => p.Code, StringComparer.Ordinal).ToDictionary(p => p.Code, p => p.Status);
        Assert.Equal(Pinned.OrderBy(p => p.Key, StringComparer.Ordinal), made);
    }

    [Fact]
    public void Every_reason_of_a_failure_keeps_its_code()
    {
        var fields = new[] { typeof(ObjectErrors), typeof(UploadErrors) }.SelectMany(t => t.GetFields(BindingFlags.Public | BindingFlags.Static));
        var codes = fields.Select(f => (string)f.GetRawConstantValue()!);
        Assert.Equal(PinnedFailures, codes.Order(StringComparer.Ordinal));
    }

    private static object? Sample(ParameterInfo parameter) => parameter.ParameterType switch
    {
        var t when t == typeof(string) => "x",
        var t when t == typeof(int) => 400,
        var t when t == typeof(long) => 1L,
        var t when t == typeof(double) => 1.5,
        var t when t == typeof(ItemStatus) => ItemStatus.Pending,
        var t when t == typeof(IReadOnlyDictionary<string, string[]>) => new Dictionary<string, string[]> { ["x"] = ["y"] },
        _ => null,
    };
}
