using Edna.Keys;

namespace Edna.Admin;

/// <summary>The options of a command: its own, and configuration keys such as <c>--Edna:Objects:Provider=S3</c>, which the host takes.</summary>
internal sealed class AdminOptions
{
    private readonly Dictionary<string, string?> given = new(StringComparer.Ordinal);

    /// <summary>Arguments that are the host's.</summary>
    public List<string> Configuration { get; } = [];

    /// <summary>Whether an option stands.</summary>
    public bool Has(string name) => given.ContainsKey(name);

    /// <summary>The value of an option; null when it does not stand.</summary>
    public string? this[string name] => given.GetValueOrDefault(name);

    /// <summary>The dataset that <c>--dataset tenant/name</c> names; null when it does not stand.</summary>
    /// <exception cref="AdminException">It names none.</exception>
    public static DatasetKey? Dataset(AdminOptions options)
    {
        if (options["--dataset"] is not { } text) return null;
        return text.Split('/') is [{ Length: > 0 } tenant, var name] && DatasetName.IsValid(name)
            ? new DatasetKey(tenant, name)
            : throw new AdminException("--dataset: must be tenant/name, such as default/cats.");
    }

    /// <summary>Reads arguments.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <param name="flags">Options without a value.</param>
    /// <param name="values">Options with a value.</param>
    /// <exception cref="AdminException">One is not known, or lacks its value.</exception>
    public static AdminOptions Read(string[] arguments, string[] flags, string[] values)
    {
        var options = new AdminOptions();
        for (var i = 0; i < arguments.Length; i++)
        {
            var (name, value) = arguments[i].Split('=', 2) is [var left, var right] ? (left, right) : (arguments[i], null);
            if (flags.Contains(name) && value is null) options.given[name] = null;
            else if (values.Contains(name)) options.given[name] = value ?? (++i < arguments.Length ? arguments[i] : throw new AdminException($"{name} wants a value."));
            else if (name.StartsWith("--", StringComparison.Ordinal) && (name.Contains(':', StringComparison.Ordinal) || name == "--EDNA_DATA"))
            {
                options.Configuration.Add(arguments[i]);
                if (value is null && ++i < arguments.Length) options.Configuration.Add(arguments[i]);
            }
            else throw new AdminException($"'{arguments[i]}' is not an option. There are: {string.Join(", ", flags.Concat(values))}; and configuration keys such as --Edna:Objects:Provider=S3.");
        }
        return options;
    }
}

/// <summary>Something that the operator can set right, in words for them.</summary>
/// <param name="message">What is wrong.</param>
internal sealed class AdminException(string message) : Exception(message);
