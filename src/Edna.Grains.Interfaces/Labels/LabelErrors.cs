using Edna.Results;

namespace Edna.Labels;

/// <summary>What can be wrong with a request about labels.</summary>
public static class LabelErrors
{
    /// <summary><c>labels.invalid</c>: the document is malformed or breaks the dataset's label schema; every fault is named.</summary>
    /// <param name="errors">Faults by field, such as <c>annotations[2].class</c>.</param>
    public static Problem Invalid(IReadOnlyDictionary<string, string[]> errors) => new()
    {
        Code = "labels.invalid", Status = 400, Title = "The labels do not fit the dataset's label schema.",
        Detail = $"{errors.Count} field(s) are wrong; 'errors' names each. Nothing was written.", Errors = errors,
    };

    /// <summary><c>labels.revision_conflict</c>.</summary>
    /// <param name="current">The current label revision.</param>
    public static Problem RevisionConflict(long current) => new()
    {
        Code = "labels.revision_conflict", Status = 412, Title = "The labels have changed since you read them.",
        Detail = $"The current label revision is {current}. Read the labels again, apply your change, and send that revision in If-Match.",
        CurrentRevision = current,
    };

    /// <summary><c>labels.not_found</c>.</summary>
    /// <param name="path">The item's path.</param>
    public static Problem NotFound(string path) => new()
    {
        Code = "labels.not_found", Status = 404, Title = "There are no such labels.",
        Detail = $"'{path}' has no labels, or not in that revision. PUT …/labels writes some.",
    };
}
