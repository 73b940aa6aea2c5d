using Edna.Changes;
using Edna.Items;
using Edna.Results;

namespace Edna.Labels;

/// <summary>What writing, removing and reviewing labels mean: functions without effects.</summary>
public static class LabelDecisions
{
    /// <summary>Documents of a history that are read at a time.</summary>
    public const int ReadAhead = 16;

    /// <summary>The document that a client asks for, still without revision and time.</summary>
    /// <param name="request">A checked request.</param>
    /// <param name="by">Who asks.</param>
    public static LabelDocument Draft(PutLabels request, string by) => new()
    {
        Item = "", Revision = 0, Status = request.Status ?? LabelStatus.Draft, Annotations = request.Annotations!, At = default, By = by,
    };

    /// <summary>The document that removes labels.</summary>
    /// <param name="by">Who asks.</param>
    public static LabelDocument Removal(string by) => new()
    {
        Item = "", Revision = 0, Status = LabelStatus.Draft, Annotations = [], At = default, By = by, Deleted = true,
    };

    /// <summary>The document that a review makes of another.</summary>
    /// <param name="reviewed">The document reviewed.</param>
    /// <param name="request">A checked request.</param>
    /// <param name="by">Who reviews.</param>
    public static LabelDocument Review(LabelDocument reviewed, ReviewLabels request, string by) => reviewed with
    {
        Status = request.Decision == "approve" ? LabelStatus.Approved : LabelStatus.Rejected, By = by, Comment = request.Comment,
    };

    /// <summary>What is wrong with a review; null when nothing is.</summary>
    /// <param name="request">The request.</param>
    public static Problem? FaultsOf(ReviewLabels request)
    {
        var errors = new FieldErrors();
        errors.Require(request.Decision is "approve" or "reject", "decision", "must be approve or reject");
        errors.Require(request.Comment is null || request.Comment.Length <= LabelLimits.Text, "comment", $"must be at most {LabelLimits.Text} characters");
        return errors.ToProblem();
    }

    /// <summary>
    /// Whether a request asks for what is there already: the same document again, with no expectation or with the one that its
    /// first sending had. Its answer was lost; it is given again.
    /// </summary>
    /// <param name="state">The item.</param>
    /// <param name="ifMatch">The label revision that the caller expects.</param>
    /// <param name="draft">The document asked for.</param>
    /// <param name="digest">Its digest.</param>
    public static bool IsRepeat(ItemState state, long? ifMatch, LabelDocument draft, string digest) =>
        state.Labels is { } head && head.Digest == digest && head.By == draft.By && draft.Comment is null && !draft.Deleted
        && (ifMatch is null || ifMatch == state.LabelRevision || ifMatch == state.LabelRevision - 1);

    /// <summary>What a document means that was found in the bucket: reviews are the ones that approve or reject.</summary>
    /// <param name="document">The document.</param>
    public static ChangeKind KindOf(LabelDocument document) =>
        document.Status is LabelStatus.Approved or LabelStatus.Rejected ? ChangeKind.Reviewed : ChangeKind.Labeled;

    /// <summary>Annotations by class; null for a removal.</summary>
    /// <param name="document">The document.</param>
    public static IReadOnlyDictionary<string, int>? ClassesOf(LabelDocument document) => document.Deleted
        ? null
        : document.Annotations.GroupBy(a => a.Class!, StringComparer.Ordinal)
            .OrderBy(g => g.Key, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal);

    /// <summary>A document in short, as the item's state holds it; null for a removal.</summary>
    /// <param name="document">The document.</param>
    /// <param name="digest">Its digest.</param>
    public static LabelHead? HeadOf(LabelDocument document, string digest) => document.Deleted ? null : new()
    {
        Status = document.Status, At = document.At, By = document.By, Digest = digest, Classes = ClassesOf(document)!,
    };

    /// <summary>A document as its history lists it.</summary>
    /// <param name="document">The document.</param>
    public static LabelHistoryEntry EntryOf(LabelDocument document) => new()
    {
        Revision = document.Revision, Status = document.Status, By = document.By, At = document.At, Annotations = document.Annotations.Count,
        Sources = [.. document.Annotations.Select(a => a.Source?.Kind).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
        Comment = document.Comment, Deleted = document.Deleted,
    };
}
