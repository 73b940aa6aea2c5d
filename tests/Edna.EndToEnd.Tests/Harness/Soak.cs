namespace Edna.Harness;

/// <summary>Whether the long runs are wanted: <c>./test.sh --soak</c>.</summary>
internal static class Soak
{
    public static bool IsOn { get; } = Environment.GetEnvironmentVariable("EDNA_TEST_SOAK") == "1";
}
