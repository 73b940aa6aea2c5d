using Edna.Hosting;
using Edna.Storage.S3.Check;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Edna.Admin;

/// <summary><c>check-store [--apply]</c>: whether the configured bucket is as EDNA needs it, and setting what can be set.</summary>
internal static class CheckStoreCommand
{
    private const string Help = """
        check-store [--apply] [--Edna:…=value …]
        Checks the configured bucket: clock, permissions (tried out on keys of its own), CORS, lifecycle, notifications.
          --apply   sets CORS, lifecycle and notifications where they are not in order; rules of others stay
        Exit code: 0 all is well, 1 something is missing or wrong, 2 the command or the configuration is.
        """;

    /// <summary>Runs it.</summary>
    /// <param name="args">The arguments after the command's name.</param>
    public static async Task<int> RunAsync(string[] args)
    {
        if (args.Contains("--help"))
        {
            Console.WriteLine(Help);
            return ExitCodes.Done;
        }
        var settings = args.Where(arg => arg != "--apply").ToArray();
        if (settings.FirstOrDefault(arg => !arg.StartsWith("--", StringComparison.Ordinal) || !arg.Contains('=', StringComparison.Ordinal)) is { } unknown)
        {
            await Console.Error.WriteLineAsync($"'{unknown}' is not understood.\n{Help}");
            return ExitCodes.Failed;
        }
        try
        {
            return await RunAsync(settings, apply: args.Contains("--apply"), Console.Out, CancellationToken.None);
        }
        catch (OptionsValidationException e)
        {
            await Console.Error.WriteLineAsync(string.Join(Environment.NewLine, e.Failures));
            return ExitCodes.Failed;
        }
    }

    /// <summary>Runs it on a configuration.</summary>
    internal static async Task<int> RunAsync(string[] settings, bool apply, TextWriter to, CancellationToken ct)
    {
        var builder = Host.CreateApplicationBuilder(settings);
        builder.Services.AddEdnaDataDirectory(builder.Configuration);
        builder.Services.AddEdnaAdapters(builder.Configuration);
        using var host = builder.Build();
        if (host.Services.GetService<S3BucketCheck>() is not { } check)
        {
            await to.WriteLineAsync("Objects are kept in files (Edna:Objects:Provider is Files): there is no bucket to set up.");
            return ExitCodes.Done;
        }
        await to.WriteLineAsync($"The bucket '{check.Bucket}':");
        var findings = await check.RunAsync(ct);
        await PrintAsync(findings, to);
        if (apply && findings.Any(finding => !finding.IsInOrder))
        {
            var applied = await check.ApplyAsync(findings, ct);
            await to.WriteLineAsync($"{Environment.NewLine}Applied:");
            await PrintAsync(applied, to);
            if (applied.Count == 0) await to.WriteLineAsync("  nothing: what is not in order cannot be set from here.");
            await to.WriteLineAsync($"{Environment.NewLine}Checked again:");
            findings = await check.RunAsync(ct);
            await PrintAsync(findings, to);
        }
        var amiss = findings.Count(finding => !finding.IsInOrder);
        await to.WriteLineAsync($"{Environment.NewLine}{(amiss == 0 ? "All is well." : $"{amiss} of {findings.Count} are not in order.")}");
        return amiss == 0 ? ExitCodes.Done : ExitCodes.Findings;
    }

    private static async Task PrintAsync(IReadOnlyList<BucketFinding> findings, TextWriter to)
    {
        foreach (var finding in findings)
        {
            await to.WriteLineAsync($"  {NameOf(finding.State),-9} {finding.What,-19} {finding.Detail}");
            if (finding.Mend is { } mend) await to.WriteLineAsync($"{"",31} → {mend}");
        }
    }

    private static string NameOf(FindingState state) => state switch
    {
        FindingState.Ok => "ok",
        FindingState.Warning => "warning",
        FindingState.NotTried => "not tried",
        FindingState.Missing => "missing",
        _ => "wrong",
    };
}
