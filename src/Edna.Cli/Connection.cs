using System.CommandLine;
using Edna.Client;

namespace Edna.Cli;

/// <summary>Where EDNA is and with what key: <c>--url</c> and <c>--key</c>, the environment, the data directory of an embedded server.</summary>
internal sealed class Connection
{
    public const string DefaultUrl = "http://127.0.0.1:5080";

    private readonly Option<string?> _url = new("--url") { Description = $"EDNA's address. Default: $EDNA_URL, or {DefaultUrl}.", Recursive = true };
    private readonly Option<string?> _key = new("--key")
    {
        Description = "API key or JWT. Default: $EDNA_KEY, or admin.key in $EDNA_DATA or ./.edna.", Recursive = true,
    };

    /// <summary>Adds the options to a command and all below it.</summary>
    public void AddTo(Command root)
    {
        root.Options.Add(_url);
        root.Options.Add(_key);
    }

    /// <exception cref="UsageException">The address is not one, or there is no key.</exception>
    public EdnaClient Open(ParseResult parsed)
    {
        var url = parsed.GetValue(_url) ?? NotEmpty("EDNA_URL") ?? DefaultUrl;
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            throw new UsageException($"'{url}' is not an address. It should look like {DefaultUrl}.");
        return new EdnaClient(address, parsed.GetValue(_key) ?? NotEmpty("EDNA_KEY") ?? KeyOfDataDirectory());
    }

    private static string KeyOfDataDirectory()
    {
        var file = Path.Combine(NotEmpty("EDNA_DATA") ?? ".edna", "admin.key");
        try
        {
            return File.ReadAllText(file).Trim();
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UsageException($"There is no key: give --key, set EDNA_KEY, or run where '{file}' is (an embedded server writes it on its first start).");
        }
        catch (UnauthorizedAccessException)
        {
            throw new UsageException($"'{file}' is not readable by you. Give --key or set EDNA_KEY.");
        }
    }

    private static string? NotEmpty(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null;
}
