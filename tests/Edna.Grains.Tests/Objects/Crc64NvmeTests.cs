using System.Text;
using Edna.Objects;
using Xunit;

namespace Edna.Grains.Tests.Objects;

public sealed class Crc64NvmeTests
{
    /// <summary>The check value of CRC-64/NVME over "123456789", as the catalogue of parametrised CRCs gives it.</summary>
    [Fact]
    public void The_check_value_is_the_catalogues()
    {
        var crc = new Crc64Nvme();
        crc.Append(Encoding.ASCII.GetBytes("123456789"));
        Assert.Equal("AE8B14860A799888", Convert.ToHexString(crc.GetCurrentHash()));
    }
}
