namespace Edna.Items;

/// <summary>Compares tags.</summary>
internal static class ItemTags
{
    /// <summary>Whether two sets of tags have the same keys with the same values.</summary>
    public static bool Same(IReadOnlyDictionary<string, string> a, IReadOnlyDictionary<string, string> b) =>
        a.Count == b.Count && a.All(t => b.TryGetValue(t.Key, out var value) && value == t.Value);
}
