using Edna.Access;
using Edna.Hosting;
using Xunit;

namespace Edna.Gateway.Tests.Access;

public sealed class AdminKeyTests : IDisposable
{
    private readonly DataDirectory data = new(Directory.CreateTempSubdirectory("edna-key-").FullName);

    [Fact]
    public void A_key_is_made_once_shown_once_and_readable_by_the_owner_alone()
    {
        var first = AdminKey.Open(data, given: null);
        Assert.Equal(File.ReadAllText(first.File).Trim(), first.FirstShown);
        Assert.True(first.FirstShown!.Length >= KeptKey.MinLength);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(first.File));
        var second = AdminKey.Open(data, given: null);
        Assert.Null(second.FirstShown);
        Assert.Equal(first.Hash, second.Hash);
        Assert.Equal([first.File], Directory.GetFiles(data.Path));
    }

    [Fact]
    public void A_key_from_outside_is_taken_kept_and_never_shown()
    {
        AdminKey.Open(data, given: null);
        var given = AdminKey.Open(data, "edna_0123456789abcdef");
        Assert.Null(given.FirstShown);
        Assert.Equal(KeyHash.Of("edna_0123456789abcdef"), AdminKey.Open(data, null).Hash);
    }

    [Theory]
    [InlineData("edna_short")]
    [InlineData("0123456789012345678901234567890")]
    [InlineData("edna_0123456789 0123456789")]
    public void A_key_that_is_too_easy_or_malformed_stops_the_start(string given) =>
        Assert.Contains(AdminKey.Variable, Assert.Throws<ConfigurationException>(() => AdminKey.Open(data, given)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_file_that_others_could_read_is_closed()
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("Windows has no Unix file modes.");
        else
        {
            var file = AdminKey.Open(data, null).File;
            File.SetUnixFileMode(file, (UnixFileMode)0x1a4);
            AdminKey.Open(data, null);
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
    }

    public void Dispose() => Directory.Delete(data.Path, recursive: true);
}
