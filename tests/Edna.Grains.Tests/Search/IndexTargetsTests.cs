using CsCheck;
using Edna.Search;
using Xunit;

namespace Edna.Grains.Tests.Search;

public sealed class IndexTargetsTests
{
    private static readonly Gen<string> Generation = Gen.OneOf(Gen.Char['a', 'f'], Gen.Char['0', '9']).Array[1, 32].Select(letters => new string(letters));

    [Fact]
    public void What_is_noted_is_read_again() => Gen.Select(Generation, Generation.Null()).Sample((serving, next) =>
        IndexTargets.Read(new IndexTargets(serving, next).ToString()) == new IndexTargets(serving, next));

    [Fact]
    public void They_cover_themselves_and_no_other() => Gen.Select(Generation, Generation.Null(), Generation).Sample((serving, next, other) =>
        new IndexTargets(serving, next).Cover(other) == (other == serving || other == next));
}
