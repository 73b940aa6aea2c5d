using System.Text;
using Edna.Items;
using Edna.Sqlite;
using Edna.Storage.Rows;

namespace Edna.Storage.Sqlite;

/// <summary>The conditions of a list request. The cheap ones are looked at first; the body is read only when they hold.</summary>
internal sealed class ItemListFilter(ItemListRequest request)
{
    private readonly ItemBodyFilter _body = new(request);

    public byte[] PathPrefix { get; } = Encoding.UTF8.GetBytes(request.PathPrefix ?? "");

    public bool Matches(Statement row)
    {
        var status = (ItemStatus)row.Int(2);
        return status != ItemStatus.Purged
            && (request.Status is not { } wanted || wanted == status)
            && (request.UpdatedSince is not { } since || row.Long(6) >= since.UtcTicks)
            && (request.Split is null || row.NullableText(7) == request.Split)
            && (!_body.LooksInside || _body.Matches(row.Bytes(8)));
    }
}
