using CsCheck;
using Edna.Changes;
using Edna.Items;
using Edna.Webhooks;
using Xunit;

namespace Edna.Grains.Tests.Webhooks;

public sealed class WebhookSettingsTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("https://example.com", true)]
    [InlineData("https://example.com:8443/a/b?c=d", true)]
    [InlineData("https://[2606:4700::1111]/", true)]
    [InlineData("https://müller.example/x", true)]
    [InlineData("http://example.com/", false)]
    [InlineData("ftp://example.com/", false)]
    [InlineData("https://user:word@example.com/", false)]
    [InlineData("https://user@example.com/", false)]
    [InlineData("https://example.com/#a", false)]
    [InlineData("https://example.com/#", false)]
    [InlineData("https://example.com/a b", false)]
    [InlineData(" https://example.com/", false)]
    [InlineData("https://exam\nple.com/", false)]
    [InlineData("https:///x", false)]
    [InlineData("//example.com/", false)]
    [InlineData("example.com", false)]
    [InlineData("file:///etc/passwd", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void An_address_is_an_absolute_https_one(string? url, bool right) => Assert.Equal(right, Faults(url, false).None);

    [Fact]
    public void Http_is_taken_where_it_is_allowed_and_an_address_is_2048_characters_at_most()
    {
        Assert.True(Faults("http://example.com/", true).None);
        const string Start = "https://example.com/";
        Assert.True(Faults(Start + new string('a', 2_048 - Start.Length), false).None);
        Assert.False(Faults(Start + new string('a', 2_049 - Start.Length), false).None);
    }

    [Fact]
    public void Kinds_and_description_are_held_to_their_limits()
    {
        Assert.True(Settings(null, null).None);
        Assert.True(Settings(Enum.GetValues<ChangeKind>(), new('x', 1_024)).None);
        Assert.Equal(["description", "kinds"], Settings([], new('x', 1_025)).ToDictionary().Keys.Order(StringComparer.Ordinal));
        Assert.False(Settings([(ChangeKind)99], null).None);
        Assert.False(Settings([ChangeKind.Labeled, ChangeKind.Labeled], null).None);
    }

    [Fact]
    public void A_patch_changes_what_it_names_and_enabling_forgets_that_the_address_was_gone()
    {
        var before = new WebhookState { Url = "https://a", Description = "x", Kinds = [ChangeKind.Labeled], GoneSince = Noon, Secrets = [new() { Value = "s" }] };
        var after = WebhookPatch.Apply(before, new("""{"description": null, "kinds": ["available", "labeled"], "enabled": true}"""), new());
        Assert.Equal((true, null, null), (after.Enabled, after.Description, after.GoneSince));
        Assert.Equal([ChangeKind.Available, ChangeKind.Labeled], after.Kinds);
        Assert.Equal((before.Url, before.Secrets), (after.Url, after.Secrets));
        Assert.Equal(Noon, WebhookPatch.Apply(before, new("""{"description": "y"}"""), new()).GoneSince);
        foreach (var (patch, field) in new[] { ("""{"secret": null}""", "secret"), ("""{"url": 7}""", "url"), ("""{"kinds": ["nonsense"]}""", "kinds[0]"), ("""{"kinds": []}""", "kinds") })
        {
            var errors = new FieldErrors();
            WebhookPatch.Apply(before, new(patch), errors);
            Assert.Equal([field], errors.ToDictionary().Keys);
        }
    }

    [Fact]
    public void Secrets_overlap_for_as_long_as_asked_and_the_newest_always_signs() => Gen.Select(Gen.Int[0, 200], Gen.Int[0, 100]).Array[1, 12].Sample(rotations =>
    {
        var (state, now, made) = (new WebhookState { Secrets = [new() { Value = "0" }] }, Noon, new List<(string Value, DateTimeOffset Until)>());
        foreach (var ((after, overlap), i) in rotations.Select((r, i) => (r, i)))
        {
            now = now.AddSeconds(after);
            made = [.. made.Select(m => (m.Value, m.Until < now.AddSeconds(overlap) ? m.Until : now.AddSeconds(overlap))), ($"{i}", now.AddSeconds(overlap))];
            state = state.Rotated($"{i + 1}", now, TimeSpan.FromSeconds(overlap));
            var expected = made.Where(m => m.Until > now).Reverse().Take(WebhookLimits.Secrets - 1).Select(m => m.Value).Prepend($"{i + 1}");
            Assert.Equal(expected, state.SigningAt(now).Select(s => s.Value));
            Assert.Equal([$"{i + 1}"], state.SigningAt(now.AddSeconds(overlap)).Select(s => s.Value));
        }
    }, iter: 2_000);

    [Fact]
    public void Wrong_options_are_named_with_their_key()
    {
        Assert.True(Validate(_ => { }).Succeeded);
        Check("Timeout", o => o.Timeout = TimeSpan.FromSeconds(26));
        Check("FirstPause", o => o.FirstPause = TimeSpan.Zero);
        Check("LongestPause", o => o.LongestPause = TimeSpan.FromSeconds(4));
        Check("GiveUpAfter", o => o.GiveUpAfter = TimeSpan.FromDays(8));
        Check("SecretOverlap", o => o.SecretOverlap = TimeSpan.FromSeconds(-1));
        Check("LookInterval", o => o.LookInterval = TimeSpan.FromSeconds(59));
        Check("AllowedNetworks:0", o => o.AllowedNetworks.Add("10.1.2.3/33"));

        static void Check(string key, Action<WebhookOptions> set) => Assert.StartsWith($"Edna:Webhooks:{key}: ", Assert.Single(Validate(set).Failures!), StringComparison.Ordinal);

        static Microsoft.Extensions.Options.ValidateOptionsResult Validate(Action<WebhookOptions> set)
        {
            var options = new WebhookOptions();
            set(options);
            return new WebhookOptionsValidation().Validate(null, options);
        }
    }

    private static FieldErrors Faults(string? url, bool allowHttp)
    {
        var errors = new FieldErrors();
        WebhookRules.CheckUrl(url, allowHttp, errors);
        return errors;
    }

    private static FieldErrors Settings(IReadOnlyList<ChangeKind>? kinds, string? description)
    {
        var errors = new FieldErrors();
        WebhookRules.CheckSettings(kinds, description, errors);
        return errors;
    }
}
