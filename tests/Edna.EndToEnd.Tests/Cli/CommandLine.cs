using Edna.Harness;
using Xunit;

namespace Edna.Cli;

/// <summary>The <c>edna</c> command as scripts use it: arguments in, output and exit code out.</summary>
public sealed class CommandLine(CommandLineServer server) : IClassFixture<CommandLineServer>, IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private EdnaProcess Edna => server.Edna;

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 120_000)]
    public async Task Push_ls_search_and_pull_take_a_folder_there_and_back()
    {
        var set = await SampleSet.DrawAsync(_folder.At("drawn"), 12, Ct);

        var (code, output) = await EdnaAsync("push drawn animals --labels drawn/labels.jsonl");
        Assert.True(code == 0, output);
        Assert.Contains("animals: 12 uploaded", output);
        Assert.Contains("animals: 12 labelled", output);

        (code, output) = await EdnaAsync("push drawn animals --labels drawn/labels.jsonl");
        Assert.True(code == 0, output);
        Assert.Contains("0 uploaded (0 bytes), 12 unchanged, 0 failed", output);

        (code, output) = await EdnaAsync("ls animals");
        Assert.Equal(0, code);
        Assert.All(set.Images, i => Assert.Contains(i.Path, output));

        (code, output) = await EdnaAsync("pull animals pulled");
        Assert.True(code == 0, output);
        foreach (var image in set.Images)
            Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(set.Folder, image.Path), Ct), await File.ReadAllBytesAsync(Path.Combine(_folder.At("pulled"), image.Path), Ct));

        var circles = set.Images.Count(i => i.Shapes.Any(s => s.Class == "circle"));
        var found = await Eventually.GetAsync(() => EdnaAsync("search --dataset animals --label circle --facet split"), f => f.Output.Contains($"{circles} found", StringComparison.Ordinal), Ct);
        Assert.Contains($"{circles} found", found.Output);
        Assert.Contains("split: ", found.Output);
    }

    [Fact(Timeout = 120_000)]
    public async Task Labels_are_written_read_and_guarded_by_their_revision()
    {
        await File.WriteAllTextAsync(_folder.At("one.txt"), "one", Ct);
        Directory.CreateDirectory(_folder.At("in"));
        File.Move(_folder.At("one.txt"), _folder.At("in/one.txt"));
        await EdnaAsync("push in notes");
        await File.WriteAllTextAsync(
            _folder.At("labels.json"), """{"annotations":[{"kind":"classification","class":"note","source":{"kind":"human","name":"me"}}],"status":"submitted"}""", Ct);

        var (code, output) = await EdnaAsync("labels put notes one.txt labels.json --if-match 0");
        Assert.True(code == 0, output);
        Assert.Contains("label revision 1, 1 annotations, submitted", output);

        (code, output) = await EdnaAsync("labels get notes one.txt");
        Assert.Equal(0, code);
        Assert.Contains("\"class\": \"note\"", output);

        await File.WriteAllTextAsync(_folder.At("labels.json"), """{"annotations":[]}""", Ct);
        (code, output) = await EdnaAsync("labels put notes one.txt labels.json --if-match 0");
        Assert.Equal(1, code);
        Assert.Contains("[labels.revision_conflict]", output);
    }

    [Fact(Timeout = 120_000)]
    public async Task Changes_are_told_and_followed_from_a_cursor_across_a_restart_of_the_server()
    {
        Directory.CreateDirectory(_folder.At("in"));
        async Task PushAsync(string name)
        {
            await File.WriteAllTextAsync(_folder.At($"in/{name}"), name, Ct);
            Assert.Equal(0, (await EdnaAsync("push in told")).Code);
        }

        await PushAsync("a.txt");
        var (code, output) = await EdnaAsync("changes told");
        Assert.Equal(0, code);
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["created a.txt", "available a.txt"], lines.Select(WithoutPlace));

        await using var following = await ChildProcess.StartAsync(["dotnet", Programs.Cli, "changes", "told", "--follow", "--since", lines[0].Split(' ')[0]], Environment, _folder.Path, Ct);
        await Eventually.GetAsync(() => Task.FromResult(following.Log), log => log.Contains("available"), Ct);
        await Edna.KillAsync(Ct);
        await Edna.StartAgainAsync(Ct);
        await PushAsync("b.txt");
        var told = await Eventually.GetAsync(() => Task.FromResult(following.Log), log => log.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length >= 3, Ct);
        Assert.Equal(["available a.txt", "created b.txt", "available b.txt"], told.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(WithoutPlace));
        await following.SignalAsync("TERM", Ct);
        Assert.Equal(130, await following.WaitAsync(Ct));

        // The kind and the path.
        static string WithoutPlace(string line) => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3..]);
    }

    [Theory(Timeout = 120_000)]
    [InlineData("push nowhere ds", 2, "There is no folder")]
    [InlineData("push", 2, "Required argument 'DIR' missing")]
    [InlineData("dataset create Not_A_Name", 1, "[request.invalid]")]
    [InlineData("dataset delete missing", 1, "[dataset.not_found]")]
    [InlineData("ls missing", 1, "[dataset.not_found]")]
    [InlineData("changes missing", 1, "[dataset.not_found]")]
    [InlineData("changes missing --follow", 1, "[dataset.not_found]")]
    [InlineData("labels get missing a.txt", 1, "[dataset.not_found]")]
    public async Task What_is_wrong_is_said_in_a_sentence_with_an_exit_code(string arguments, int expected, string said)
    {
        var (code, output) = await EdnaAsync(arguments);

        Assert.Equal(expected, code);
        Assert.Contains(said, output);
        Assert.DoesNotContain("   at ", output);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_wrong_key_is_refused_and_said_so()
    {
        var (code, output) = await EdnaAsync("ls --key edna_0123456789012345_wrong");

        Assert.Equal(1, code);
        Assert.Contains("edna: ", output);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_dataset_is_made_and_removed()
    {
        Assert.Equal(0, (await EdnaAsync("dataset create empty --description 'for a moment' --split train --split test")).Code);
        var (_, listed) = await EdnaAsync("ls");
        Assert.Contains("empty  for a moment", listed);
        Assert.Equal(0, (await EdnaAsync("dataset delete empty")).Code);
        Assert.DoesNotContain("empty", (await EdnaAsync("ls")).Output);
    }

    private Dictionary<string, string?> Environment => new() { ["EDNA_URL"] = Edna.Address.AbsoluteUri, ["EDNA_DATA"] = Edna.DataDirectory, ["EDNA_KEY"] = null };

    private Task<(int Code, string Output)> EdnaAsync(string arguments) => Shell.RunAsync($"dotnet '{Programs.Cli}' {arguments}", _folder.Path, Environment, Ct);
}

/// <summary>The server that all of them talk to; each test has a folder, and datasets, of its own.</summary>
public sealed class CommandLineServer : IAsyncLifetime
{
    internal EdnaProcess Edna { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Edna = await EdnaProcess.StartAsync(ct: TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (Edna is not null) await Edna.DisposeAsync();
    }
}
