using Edna.Results;

namespace Edna.Items;

/// <summary>Gathers faults by field, so that a request is told all of them at once.</summary>
public sealed class FieldErrors
{
    private Dictionary<string, List<string>>? byField;

    /// <summary>Whether nothing is wrong.</summary>
    public bool None => byField is null;

    /// <summary>Notes a fault.</summary>
    /// <param name="field">The field as the client wrote it.</param>
    /// <param name="message">What is wrong and what is allowed.</param>
    public void Add(string field, string message)
    {
        byField ??= new(StringComparer.Ordinal);
        if (!byField.TryGetValue(field, out var messages)) byField[field] = messages = [];
        messages.Add(message);
    }

    /// <summary>Notes a fault unless a condition holds.</summary>
    /// <param name="holds">The condition.</param>
    /// <param name="field">The field as the client wrote it.</param>
    /// <param name="message">What is wrong and what is allowed.</param>
    public void Require(bool holds, string field, string message)
    {
        if (!holds) Add(field, message);
    }

    /// <summary>The faults as a problem carries them.</summary>
    public IReadOnlyDictionary<string, string[]> ToDictionary() =>
        (byField ?? []).ToDictionary(e => e.Key, e => e.Value.ToArray(), StringComparer.Ordinal);

    /// <summary>The faults as <c>request.invalid</c>; null when there are none.</summary>
    public Problem? ToProblem() => None ? null : RequestErrors.Invalid(ToDictionary());
}
