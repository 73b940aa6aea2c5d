using Edna.Hosting;

namespace Edna.Storage.Tests.Sqlite;

/// <summary>Makes directories for tests.</summary>
internal static class TemporaryDirectory
{
    public static DataDirectory Make() => new(System.IO.Directory.CreateTempSubdirectory("edna-test-").FullName);
}
