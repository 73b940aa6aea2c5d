namespace Edna.Harness;

/// <summary>Where the programs under test have been built to: beside the tests, in the same configuration.</summary>
internal static class Programs
{
    public static string Root { get; } = FindRoot();

    private static string Configuration { get; } = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    public static string Gateway => Of("src/Edna.Gateway", "Edna.Gateway.dll");

    public static string Silo => Of("src/Edna.Silo", "Edna.Silo.dll");

    /// <summary>The gateway that kills itself where a test says.</summary>
    public static string FaultHost => Of("tests/Edna.FaultHost", "Edna.FaultHost.dll");

    public static string Shapes => Of("samples/shapes", "Edna.Samples.Shapes.dll");

    public static string Benchmarks => Of("tests/Edna.Benchmarks", "Edna.Benchmarks.dll");

    public static string Cli => Of("src/Edna.Cli", "edna.dll");

    private static string Of(string project, string dll) => Path.Combine(Root, project, "bin", Configuration, "net10.0", dll);

    private static string FindRoot()
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(at.FullName, "Edna.sln"))) at = at.Parent ?? throw new DirectoryNotFoundException("There is no Edna.sln above the tests.");
        return at.FullName;
    }
}
