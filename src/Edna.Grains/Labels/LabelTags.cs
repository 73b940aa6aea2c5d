using System.Globalization;
using Edna.Items;

namespace Edna.Labels;

/// <summary>
/// Puts label classes into an object's tags, so that tools on the bucket's side see them: <c>edna:label:{class}</c> with the
/// number of annotations. The user's tags come first; an object has at most 10.
/// </summary>
public static class LabelTags
{
    private const string Prefix = "edna:label:";

    /// <summary>The tags of an object.</summary>
    /// <param name="userTags">The user's tags.</param>
    /// <param name="classes">Annotations by class; null when there are no labels.</param>
    /// <returns>The tags, and the classes that have none: for lack of room, or because S3 refuses their characters or length.</returns>
    public static (IReadOnlyDictionary<string, string> Tags, IReadOnlyList<string> Omitted) Project(
        IReadOnlyDictionary<string, string> userTags, IReadOnlyDictionary<string, int>? classes)
    {
        if (classes is null or { Count: 0 }) return (userTags, []);
        var tags = new Dictionary<string, string>(userTags, StringComparer.Ordinal);
        var omitted = new List<string>();
        foreach (var (name, count) in classes.OrderByDescending(c => c.Value).ThenBy(c => c.Key, StringComparer.Ordinal))
        {
            var key = Prefix + name;
            if (tags.Count < ItemLimits.Tags && key.Length <= ItemLimits.TagKey && ItemRules.IsTagText(name))
                tags[key] = count.ToString(CultureInfo.InvariantCulture);
            else omitted.Add(name);
        }
        return (tags, omitted);
    }
}
