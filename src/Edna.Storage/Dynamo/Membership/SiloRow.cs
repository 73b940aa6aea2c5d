using System.Globalization;
using System.Net;
using Amazon.DynamoDBv2.Model;

namespace Edna.Storage.Dynamo.Membership;

/// <summary>
/// A member of the cluster as a row, with the keys, attributes and formats of Orleans' own DynamoDB provider: either reads what the
/// other wrote.
/// </summary>
internal static class SiloRow
{
    public const string Cluster = "DeploymentId";
    public const string Identity = "SiloIdentity";
    public const string Version = "MembershipVersion";
    public const string ETag = "ETag";
    public const string Status = "SiloStatus";
    public const string ProxyPort = "ProxyPort";
    public const string IAmAlive = "IAmAliveTime";

    /// <summary>The <see cref="Identity"/> of the row that has the table's version.</summary>
    public const string VersionRow = "VersionRow";

    private const string Address = "Address";
    private const string Port = "Port";
    private const string Generation = "Generation";
    private const string HostName = "HostName";
    private const string SiloName = "SiloName";
    private const string StartTime = "StartTime";
    private const string Suspects = "SuspectingSilos";
    private const string SuspectTimes = "SuspectingTimes";
    private const char Separator = '|';

    /// <summary>The key of a silo's row.</summary>
    public static Dictionary<string, AttributeValue> Key(string cluster, SiloAddress silo) => Key(cluster, IdentityOf(silo));

    /// <summary>The key of a row.</summary>
    public static Dictionary<string, AttributeValue> Key(string cluster, string identity) => new() { [Cluster] = new(cluster), [Identity] = new(identity) };

    /// <summary>A silo's row, key included.</summary>
    /// <param name="cluster">The cluster's id.</param>
    /// <param name="entry">The silo.</param>
    /// <param name="version">The version of the table that this row comes with.</param>
    /// <param name="etag">The row's etag.</param>
    public static Dictionary<string, AttributeValue> Write(string cluster, MembershipEntry entry, int version, long etag)
    {
        var (silo, suspects) = (entry.SiloAddress, entry.SuspectTimes ?? []);
        var row = Key(cluster, silo);
        row[Address] = new(silo.Endpoint.Address.ToString());
        row[Port] = DynamoCalls.Number(silo.Endpoint.Port);
        row[Generation] = DynamoCalls.Number(silo.Generation);
        row[Status] = DynamoCalls.Number((int)entry.Status);
        row[ProxyPort] = DynamoCalls.Number(entry.ProxyPort);
        row[StartTime] = new(LogFormatter.PrintDate(entry.StartTime));
        row[IAmAlive] = new(LogFormatter.PrintDate(entry.IAmAliveTime));
        row[Version] = DynamoCalls.Number(version);
        row[ETag] = DynamoCalls.Number(etag);
        if (!string.IsNullOrEmpty(entry.HostName)) row[HostName] = new(entry.HostName);
        if (!string.IsNullOrEmpty(entry.SiloName)) row[SiloName] = new(entry.SiloName);
        if (suspects.Count == 0) return row;
        row[Suspects] = new(string.Join(Separator, suspects.Select(vote => vote.Item1.ToParsableString())));
        row[SuspectTimes] = new(string.Join(Separator, suspects.Select(vote => LogFormatter.PrintDate(vote.Item2))));
        return row;
    }

    /// <summary>The silo of a row.</summary>
    public static MembershipEntry Read(Dictionary<string, AttributeValue> row)
    {
        var entry = new MembershipEntry
        {
            SiloAddress = AddressOf(row),
            Status = (SiloStatus)row[Status].Long(),
            ProxyPort = (int)row[ProxyPort].Long(),
            HostName = row.Text(HostName) ?? "",
            SiloName = row.Text(SiloName) ?? "",
            StartTime = Time(row.Text(StartTime)),
            IAmAliveTime = Time(row.Text(IAmAlive)),
        };
        foreach (var (silo, time) in Parts(row, Suspects).Zip(Parts(row, SuspectTimes))) entry.AddSuspector(SiloAddress.FromParsableString(silo), Time(time));
        return entry;
    }

    /// <summary>The address that clients of the cluster connect to.</summary>
    public static SiloAddress GatewayOf(Dictionary<string, AttributeValue> row)
    {
        var silo = AddressOf(row);
        return SiloAddress.New(silo.Endpoint.Address, (int)row[ProxyPort].Long(), silo.Generation);
    }

    /// <summary>When something was last heard of a silo: its start, its heartbeat, or a vote against it.</summary>
    public static DateTime LastHeard(MembershipEntry entry) =>
        (entry.SuspectTimes ?? []).Select(vote => vote.Item2).Append(entry.StartTime).Append(entry.IAmAliveTime).Max();

    private static string IdentityOf(SiloAddress silo) =>
        string.Create(CultureInfo.InvariantCulture, $"{silo.Endpoint.Address}-{silo.Endpoint.Port}-{silo.Generation}");

    private static SiloAddress AddressOf(Dictionary<string, AttributeValue> row) =>
        SiloAddress.New(IPAddress.Parse(row[Address].S), (int)row[Port].Long(), (int)row[Generation].Long());

    private static string[] Parts(Dictionary<string, AttributeValue> row, string name) => row.Text(name) is { Length: > 0 } text ? text.Split(Separator) : [];

    private static DateTime Time(string? text) => string.IsNullOrEmpty(text) ? default : DateTime.SpecifyKind(LogFormatter.ParseDate(text), DateTimeKind.Utc);
}
