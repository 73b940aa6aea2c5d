using System.Globalization;
using Edna.Problems;
using Edna.Results;

namespace Edna.Answers;

/// <summary>What a handler answers: a value with its status, <c>ETag</c> and <c>Location</c>, or a problem.</summary>
/// <typeparam name="T">What the body holds.</typeparam>
internal sealed class Answer<T> : IResult where T : class
{
    /// <summary>The body; null answers without one.</summary>
    public T? Value { get; init; }

    /// <summary>What is wrong; null when all is well.</summary>
    public Problem? Problem { get; init; }

    /// <summary>The status of a success.</summary>
    public int Status { get; init; } = StatusCodes.Status200OK;

    /// <summary>The revision that stands in <c>ETag</c>.</summary>
    public long? Revision { get; init; }

    /// <summary>Where the thing made can be read.</summary>
    public string? Location { get; init; }

    /// <summary>A success with nothing to add.</summary>
    public static implicit operator Answer<T>(T value) => new() { Value = value };

    /// <summary>A failure.</summary>
    public static implicit operator Answer<T>(Problem problem) => new() { Problem = problem };

    /// <inheritdoc />
    public Task ExecuteAsync(HttpContext httpContext)
    {
        if (Problem is not null) return httpContext.WriteProblemAsync(Problem);
        if (Revision is { } revision) httpContext.Response.Headers.ETag = string.Create(CultureInfo.InvariantCulture, $"\"{revision}\"");
        if (Location is not null) httpContext.Response.Headers.Location = Location;
        if (Value is not null) return httpContext.WriteJsonAsync(Status, Value);
        httpContext.Response.StatusCode = Status;
        return Task.CompletedTask;
    }
}

/// <summary>Makes answers of what grains say.</summary>
internal static class ResultAnswers
{
    /// <summary>200 with the value.</summary>
    public static Answer<T> ToAnswer<T>(this Result<T> result, Func<T, long>? revision = null) where T : class =>
        result.TryGet(out var value, out var problem) ? new Answer<T> { Value = value, Revision = revision?.Invoke(value) } : problem;

    /// <summary>204.</summary>
    public static Answer<T> ToNoContent<T>(this Result<T> result) where T : class =>
        result.TryGet(out _, out var problem) ? new Answer<T> { Status = StatusCodes.Status204NoContent } : problem;
}
