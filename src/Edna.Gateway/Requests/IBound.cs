using Edna.Problems;
using Edna.Results;

namespace Edna.Requests;

/// <summary>A handler's argument, read from the request, that may turn out to be wrong.</summary>
internal interface IBound
{
    /// <summary>What is wrong with it; null when nothing is.</summary>
    Problem? Problem { get; }
}

/// <summary>Answers for a handler when one of its arguments is wrong, so that handlers see valid ones only.</summary>
internal sealed class BoundFilter : IEndpointFilter
{
    /// <inheritdoc />
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var arguments = context.Arguments;
        for (var i = 0; i < arguments.Count; i++)
            if (arguments[i] is IBound { Problem: { } problem }) return new(new ProblemAnswer(problem));
        return next(context);
    }
}
