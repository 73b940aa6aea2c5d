using Edna.Changes;
using Edna.Results;

namespace Edna.Items;

/// <summary>What a decision comes to: a new state to write, a refusal, or nothing to do.</summary>
public readonly record struct ItemOutcome
{
    /// <summary>The state to write; null when nothing changes.</summary>
    public ItemState? Next { get; private init; }

    /// <summary>What the write means.</summary>
    public ChangeKind Kind { get; private init; }

    /// <summary>The refusal. With <see cref="Next"/>, both hold: the write is made and the caller is refused.</summary>
    public Problem? Problem { get; private init; }

    /// <summary>An upload that came to nothing: what arrived of it is to be removed from the store. Null for none.</summary>
    public OpenUpload? Discard { get; init; }

    /// <summary>The object does not carry the facts that its upload was opened with: they go into the item document.</summary>
    public bool FactsMissing { get; init; }

    /// <summary>The same outcome with something added to the state that is written.</summary>
    /// <param name="change">Adds it.</param>
    public ItemOutcome Map(Func<ItemState, ItemState> change) => Next is null ? this : this with { Next = change(Next) };

    /// <summary>Nothing changes, and that is fine.</summary>
    public static ItemOutcome Unchanged => default;

    /// <summary>Refused; nothing changes.</summary>
    public static ItemOutcome Refuse(Problem problem) => new() { Problem = problem };

    /// <summary>A new state.</summary>
    public static ItemOutcome Write(ItemState next, ChangeKind kind, OpenUpload? discard = null) => new() { Next = next, Kind = kind, Discard = discard };

    /// <summary>A new state that the caller must be told of as a failure.</summary>
    public static ItemOutcome Fail(ItemState next, Problem problem, OpenUpload? discard) =>
        new() { Next = next, Kind = ChangeKind.Failed, Problem = problem, Discard = discard };
}
