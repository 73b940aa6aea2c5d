using Edna.Results;

namespace Edna.Items;

/// <summary>What can be wrong with a request about an item.</summary>
public static class ItemErrors
{
    /// <summary><c>item.not_found</c>.</summary>
    /// <param name="id">The id asked for.</param>
    public static Problem NotFound(string id) => new()
    {
        Code = "item.not_found", Status = 404, Title = "There is no such item.",
        Detail = $"The dataset has no item '{id}'. GET …/items?path=… finds the id of a path.",
    };

    /// <summary><c>item.trashed</c>.</summary>
    /// <param name="path">The item's path.</param>
    public static Problem Trashed(string path) => new()
    {
        Code = "item.trashed", Status = 409, Title = "The item is in the trash.",
        Detail = $"'{path}' is in the trash. Restore it with POST …/restore, or remove it with DELETE …?permanent=true, then try again.",
    };

    /// <summary><c>item.not_available</c>.</summary>
    /// <param name="path">The item's path.</param>
    /// <param name="status">What it is instead.</param>
    public static Problem NotAvailable(string path, ItemStatus status) => new()
    {
        Code = "item.not_available", Status = 409, Title = "The item has no content.",
        Detail = $"'{path}' is {status.ToString().ToLowerInvariant()}: nothing has been uploaded and confirmed for it yet.",
    };

    /// <summary><c>item.not_available</c>, of a content that was there.</summary>
    /// <param name="path">The item's path.</param>
    /// <param name="why">What became of it.</param>
    public static Problem Lost(string path, string why) => new()
    {
        Code = "item.not_available", Status = 409, Title = "The item has no content.",
        Detail = $"'{path}': {why} POST …/items with the same path uploads it again.",
    };
}
