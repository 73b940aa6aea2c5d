using CsCheck;

namespace Edna.Storage;

internal static class OneOf
{
    /// <summary>Any of some values.</summary>
    public static Gen<T> Values<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);
}
