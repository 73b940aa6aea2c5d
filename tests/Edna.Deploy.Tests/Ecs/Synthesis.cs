using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Edna.Deploy.Tests.Ecs;
using Edna.Harness;
using Xunit;

[assembly: AssemblyFixture(typeof(Synthesis))]

namespace Edna.Deploy.Tests.Ecs;

/// <summary>deploy/ecs as <c>cdk synth</c> gives it, with permissions as EDNA prints them. What wants it is skipped where there is no npm.</summary>
public sealed class Synthesis : IDisposable
{
    private const string Offline = "ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ENOTCACHED";

    private static readonly string s_folder = Path.Combine(Programs.Root, "deploy/ecs");

    private static readonly JsonSerializerOptions s_plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly TempFolder _to = new();
    private readonly Lazy<Task<string?>> _missing;
    private readonly Lazy<Task<Template>> _usual;
    private readonly Lazy<Task<Template>> _other;

    public Synthesis()
    {
        _missing = new(BuildAsync);
        _usual = new(() => SynthesiseAsync("usual", "npx --no-install cdk synth --quiet --no-notices --app 'node out/app.js' --output", "{}"));
        _other = new(() => SynthesiseAsync("other", null, Other));
    }

    /// <summary>Everything chosen otherwise than it is by default.</summary>
    internal const string Other = """
        {"search": "https://search.example.com:9243", "searchKey": "edna/search-key", "egress": "endpoints", "authoriser": "edna", "mostTasks": "3", "zones": "eu-central-1a,eu-central-1c", "tag": "1.2.3", "github": "someone/edna", "buckets": "one-more,and-another"}
        """;

    /// <summary>As it is without anything said.</summary>
    internal Task<Template> UsualAsync() => _usual.Value;

    /// <summary>With a search server of one's own, no way out of AWS, tokens looked at by EDNA alone, and buckets beside its own.</summary>
    internal Task<Template> OtherAsync() => _other.Value;

    /// <summary>Both.</summary>
    internal async Task<Template[]> BothAsync() => [await UsualAsync(), await OtherAsync()];

    /// <summary>The stack that is there before: the image's place.</summary>
    /// <param name="of">Which: <c>usual</c> or <c>other</c>.</param>
    internal async Task<Template> ReleaseAsync(string of)
    {
        _ = of == "usual" ? await UsualAsync() : await OtherAsync();
        return await ReadAsync(of, "EdnaRelease");
    }

    /// <summary>What it says of settings that it refuses.</summary>
    internal async Task<string> RefusalAsync(string context)
    {
        await SkipWhereMissingAsync();
        var (code, log) = await AppAsync("refused", context);
        Assert.NotEqual(0, code);
        return log;
    }

    public void Dispose() => _to.Dispose();

    /// <summary>Compiles the app; the reason where that cannot be.</summary>
    private async Task<string?> BuildAsync()
    {
        if ((await RunAsync("command -v npm && command -v node")).Code != 0) return "node and npm are not installed: deploy/ecs cannot be synthesised";
        // Installed anew when what is to be installed is another.
        var (code, log) = await RunAsync("cmp -s package-lock.json node_modules/.edna-lock.json || { npm ci --prefer-offline --no-audit --no-fund && cp package-lock.json node_modules/.edna-lock.json; }");
        if (code != 0 && System.Text.RegularExpressions.Regex.IsMatch(log, Offline)) return "npm could not install what deploy/ecs is made of";
        Assert.True(code == 0, log);
        (code, log) = await RunAsync("npm run --silent build");
        Assert.True(code == 0, log);
        (code, log) = await RunAsync($"dotnet '{Programs.Silo}' permissions --json > permissions.json");
        Assert.True(code == 0, log);
        return null;
    }

    private async Task SkipWhereMissingAsync()
    {
        if (await _missing.Value is { } missing) Assert.Skip(missing);
    }

    private async Task<Template> SynthesiseAsync(string name, string? command, string context)
    {
        await SkipWhereMissingAsync();
        var (code, log) = command is null ? await AppAsync(name, context) : await RunAsync($"{command} '{_to.At(name)}'");
        Assert.True(code == 0, log);
        return await ReadAsync(name, "Edna");
    }

    /// <summary>Without the file's blanks, so that parts of it can be compared as text.</summary>
    private async Task<Template> ReadAsync(string name, string stack) =>
        new(JsonElement.Parse(JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(_to.At(name), $"{stack}.template.json")))!.ToJsonString(s_plain)));

    /// <summary>The app alone, with what the command would tell it: that takes half the time.</summary>
    private async Task<(int Code, string Log)> AppAsync(string name, string context)
    {
        var settings = JsonElement.Parse(await File.ReadAllTextAsync(Path.Combine(s_folder, "cdk.json"))).GetProperty("context").EnumerateObject().Concat(JsonElement.Parse(context).EnumerateObject());
        var all = JsonSerializer.Serialize(settings.ToDictionary(one => one.Name, one => one.Value));
        return await RunAsync("node out/app.js", new() { ["CDK_CONTEXT_JSON"] = all, ["CDK_OUTDIR"] = _to.At(name) });
    }

    private static async Task<(int Code, string Log)> RunAsync(string command, Dictionary<string, string?>? environment = null)
    {
        environment ??= [];
        // Nothing is looked up, told or asked for.
        (environment["CDK_DISABLE_CLI_TELEMETRY"], environment["CI"], environment["AWS_EC2_METADATA_DISABLED"]) = ("true", "true", "true");
        await using var process = await ChildProcess.StartAsync(["bash", "-c", command], environment, s_folder, CancellationToken.None);
        return (await process.WaitAsync(CancellationToken.None), process.Log);
    }
}
