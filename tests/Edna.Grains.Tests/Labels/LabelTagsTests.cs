using CsCheck;
using Edna.Items;
using Edna.Labels;
using Xunit;

namespace Edna.Grains.Tests.Labels;

public sealed class LabelTagsTests
{
    [Fact]
    public void User_tags_stay_and_every_class_is_a_tag_or_said_to_be_left_out() =>
        Gen.Select(Gen.Int[0, 10], Gen.Dictionary(Gen.String[Gen.Char["abcdefghijklmno &"], 1, 130], Gen.Int[1, 99])[0, 15]).Sample((user, classes) =>
        {
            var mine = Enumerable.Range(0, user).ToDictionary(i => $"user{i}", i => $"{i}");
            var (tags, omitted) = LabelTags.Project(mine, classes);
            Assert.True(tags.Count <= ItemLimits.Tags);
            Assert.All(mine, t => Assert.Equal(t.Value, tags[t.Key]));
            Assert.All(classes.Keys, c => Assert.True(tags.ContainsKey($"edna:label:{c}") ^ omitted.Contains(c)));
            Assert.All(tags.Keys, k => Assert.True(k.Length <= ItemLimits.TagKey && ItemRules.IsTagText(k)));
        }, iter: 5_000);

    [Fact]
    public void The_commonest_classes_come_first()
    {
        var mine = Enumerable.Range(0, 9).ToDictionary(i => $"user{i}", i => $"{i}");
        var (tags, omitted) = LabelTags.Project(mine, new Dictionary<string, int> { ["cat"] = 1, ["dog"] = 5 });
        Assert.Equal("5", tags["edna:label:dog"]);
        Assert.Equal(["cat"], omitted);
    }
}
