namespace Edna.Results;

/// <summary>
/// Marks a call that does something anew each time: when it may have been carried out, in whole or in part, and the answer was lost or a
/// later step met a conflict, only the caller can decide to make it again. All others can be repeated, to the same end.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OnceAttribute : Attribute;
