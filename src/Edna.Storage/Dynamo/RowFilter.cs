using System.Text;
using Edna.Items;
using Edna.Storage.Rows;

namespace Edna.Storage.Dynamo;

/// <summary>The conditions of a list request. The cheap ones are looked at first.</summary>
internal sealed class RowFilter(ItemListRequest request)
{
    private readonly ItemBodyFilter _body = new(request);
    private readonly byte[] _prefix = Encoding.UTF8.GetBytes(request.PathPrefix ?? "");

    public bool Matches(ItemRow row) =>
        row.Status != ItemStatus.Purged
        && (request.Status is not { } status || row.Status == status)
        && (request.UpdatedSince is not { } since || row.UpdatedAt >= since)
        && (request.Split is null || row.Split == request.Split)
        && (_prefix.Length == 0 || Encoding.UTF8.GetBytes(row.Path).AsSpan().StartsWith(_prefix))
        && (!_body.LooksInside || _body.Matches(row.Body));
}
