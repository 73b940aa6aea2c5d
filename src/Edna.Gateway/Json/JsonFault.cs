using System.Text.Json;
using Edna.Problems;
using Edna.Results;

namespace Edna.Json;

/// <summary>Says what is wrong with a JSON body in a client's words, without names of ours.</summary>
internal static class JsonFault
{
    private const string MissingMark = "missing required properties including: ";

    /// <summary>The problem that a failed read means.</summary>
    /// <param name="fault">What the reader threw.</param>
    public static Problem ToProblem(JsonException fault)
    {
        // The serializer wraps the reader's own exception when the text itself is broken.
        if (fault.InnerException is JsonException || fault.GetType() != typeof(JsonException))
            return GatewayErrors.MalformedJson((fault.LineNumber ?? 0) + 1, (fault.BytePositionInLine ?? 0) + 1);
        return RequestErrors.Invalid(FieldOf(fault.Path), Meaning(fault.Message, fault.InnerException?.Message ?? ""));
    }

    private static string Meaning(string message, string inner)
    {
        if (message.Contains("could not be mapped to any .NET member", StringComparison.Ordinal)) return "is not a field that is known here";
        if (message.Contains("Duplicate property", StringComparison.Ordinal)) return "is given more than once";
        if (message.Contains("doesn't allow", StringComparison.Ordinal)) return "must not be null";
        var missing = message.IndexOf(MissingMark, StringComparison.Ordinal);
        if (missing >= 0) return $"must have {message[(missing + MissingMark.Length)..].TrimEnd('.').Split(". ")[0]}";
        return (WantedToken(inner) ?? WantedType(message)) is { } wanted ? $"must be {wanted}" : "has a value of the wrong kind";
    }

    /// <summary>What the reader missed, in its own words.</summary>
    private static string? WantedToken(string inner)
    {
        if (inner.Contains("as a string", StringComparison.Ordinal)) return "a string";
        if (inner.Contains("as a boolean", StringComparison.Ordinal)) return "true or false";
        if (inner.Contains("as a number", StringComparison.Ordinal)) return "a number";
        return inner.Contains("out of bounds for", StringComparison.Ordinal) ? "a whole number in range" : null;
    }

    private static string? WantedType(string message)
    {
        if (message.Contains("System.String", StringComparison.Ordinal)
            && !message.Contains("Dictionary", StringComparison.Ordinal) && !message.Contains("List", StringComparison.Ordinal)) return "a string";
        if (message.Contains("Dictionary", StringComparison.Ordinal)) return "an object";
        if (message.Contains("List", StringComparison.Ordinal)) return "an array";
        if (message.Contains("System.Int", StringComparison.Ordinal)) return "a whole number in range";
        if (message.Contains("System.Double", StringComparison.Ordinal)) return "a number";
        if (message.Contains("System.Boolean", StringComparison.Ordinal)) return "true or false";
        if (message.Contains("System.DateTime", StringComparison.Ordinal)) return "a time such as 2026-01-31T12:00:00Z";
        return null;
    }

    private static string FieldOf(string? path) => path switch
    {
        null or "$" => "body",
        ['$', '.', .. var field] => field,
        _ => path.TrimStart('$'),
    };
}
