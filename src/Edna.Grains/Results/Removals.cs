namespace Edna.Results;

/// <summary>Answers to removals that were made again. Pure.</summary>
public static class Removals
{
    /// <summary>The answer, but that something is done where it is not there.</summary>
    /// <param name="answer">What a repetition was answered.</param>
    /// <param name="notFound">The code that says that it is not there.</param>
    public static Result<Done> Settled(Result<Done> answer, string notFound) => answer.Problem?.Code == notFound ? Done.Instance : answer;

    /// <summary>The answer of any call: as <see cref="Settled(Result{Done}, string)"/> for one removal or many, all others as they are.</summary>
    /// <param name="answer">What a repetition was answered.</param>
    /// <param name="notFound">The code that says that it is not there.</param>
    public static object? Settled(object? answer, string notFound) => answer switch
    {
        Result<Done> one => Settled(one, notFound),
        Result<IReadOnlyList<Result<Done>>> { Value: { } each } => (Result<IReadOnlyList<Result<Done>>>)each.Select(one => Settled(one, notFound)).ToArray(),
        _ => answer,
    };
}
