using System.Net;
using CsCheck;
using Edna.Webhooks;
using Xunit;

namespace Edna.Grains.Tests.Webhooks;

public sealed class TargetAddressTests
{
    [Theory]
    [InlineData("8.8.8.8", "Public")]
    [InlineData("172.15.255.255", "Public")]
    [InlineData("172.32.0.0", "Public")]
    [InlineData("100.63.255.255", "Public")]
    [InlineData("100.128.0.0", "Public")]
    [InlineData("223.255.255.255", "Public")]
    [InlineData("2606:4700::1111", "Public")]
    [InlineData("10.0.0.1", "Private")]
    [InlineData("172.16.0.0", "Private")]
    [InlineData("172.31.255.255", "Private")]
    [InlineData("192.168.255.255", "Private")]
    [InlineData("100.64.0.0", "Private")]
    [InlineData("100.127.255.255", "Private")]
    [InlineData("127.0.0.1", "Private")]
    [InlineData("127.255.255.255", "Private")]
    [InlineData("::1", "Private")]
    [InlineData("fc00::1", "Private")]
    [InlineData("fec0::1", "Private")]
    [InlineData("64:ff9b:1::808:808", "Private")]
    [InlineData("169.254.169.254", "LinkLocal")]
    [InlineData("168.63.129.16", "LinkLocal")]
    [InlineData("168.63.129.17", "Public")]
    [InlineData("100.100.100.200", "LinkLocal")]
    [InlineData("100.100.100.201", "Private")]
    [InlineData("fd00:ec2::254", "LinkLocal")]
    [InlineData("fd00:ec2::253", "Private")]
    [InlineData("fe80::1", "LinkLocal")]
    [InlineData("fe80::1%3", "LinkLocal")]
    [InlineData("febf::1", "LinkLocal")]
    [InlineData("0.0.0.0", "Never")]
    [InlineData("0.1.2.3", "Never")]
    [InlineData("224.0.0.1", "Never")]
    [InlineData("239.255.255.255", "Never")]
    [InlineData("240.0.0.1", "Never")]
    [InlineData("255.255.255.255", "Never")]
    [InlineData("192.0.2.1", "Never")]
    [InlineData("198.19.255.255", "Never")]
    [InlineData("::", "Never")]
    [InlineData("::127.0.0.1", "Never")]
    [InlineData("ff02::1", "Never")]
    [InlineData("2001:db8::1", "Never")]
    [InlineData("2001:0:808:808::1", "Never")]
    [InlineData("4000::1", "Never")]
    [InlineData("100::1", "Never")]
    public void Addresses_are_of_the_kind_that_IANA_and_clouds_say(string address, string kind) => Assert.Equal(kind, TargetAddresses.KindOf(IPAddress.Parse(address)).ToString());

    [Fact]
    public void An_address_that_stands_for_another_is_what_that_one_is() => Gen.OneOf(Gen.UInt, Near()).Sample(v4 =>
    {
        byte[] bytes = [(byte)(v4 >> 24), (byte)(v4 >> 16), (byte)(v4 >> 8), (byte)v4];
        var kind = TargetAddresses.KindOf(new(bytes));
        Assert.Equal(kind, TargetAddresses.KindOf(new IPAddress(bytes).MapToIPv6()));
        Assert.Equal(kind, TargetAddresses.KindOf(new([0x20, 0x02, .. bytes, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])));
        Assert.Equal(kind, TargetAddresses.KindOf(new([0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0, .. bytes])));
    }, iter: 10_000);

    [Fact]
    public void Only_what_is_configured_is_permitted_beside_the_public()
    {
        IPNetwork[] some = [IPNetwork.Parse("10.1.0.0/16"), IPNetwork.Parse("169.254.7.0/24"), IPNetwork.Parse("fd12::/32")];
        foreach (var (address, always, privately, listed) in new[]
        {
            ("8.8.8.8", true, true, true), ("10.1.2.3", false, true, true), ("::ffff:10.1.2.3", false, true, true), ("10.2.2.3", false, true, false),
            ("127.0.0.1", false, true, false), ("169.254.7.7", false, false, true), ("169.254.169.254", false, false, false), ("fd12::1", false, true, true),
            ("fd13::1", false, true, false), ("224.0.0.1", false, false, false), ("0.0.0.0", false, false, false),
        })
        {
            var parsed = IPAddress.Parse(address);
            Assert.Equal((always, privately, listed), (TargetAddresses.IsPermitted(parsed, false, []), TargetAddresses.IsPermitted(parsed, true, []), TargetAddresses.IsPermitted(parsed, false, some)));
        }
    }

    /// <summary>Addresses in and around the special networks.</summary>
    private static Gen<uint> Near() => Gen.Select(Gen.OneOf(new[] { 0u, 0x0A000000u, 0x64400000u, 0x7F000000u, 0xA9FE0000u, 0xAC100000u, 0xC0A80000u, 0xC6120000u, 0xE0000000u }.Select(Gen.Const).ToArray()), Gen.Int[-70_000, 70_000])
        .Select((at, by) => unchecked(at + (uint)by));
}
