namespace Edna.Benchmarks;

/// <summary>AWS's list prices in dollars, us-east-1, without discounts: from tables of others of 2025 and 2026, not from AWS's own page; see docs/scale.md.</summary>
internal static class Prices
{
    public const double MillionWriteUnits = 0.625;
    public const double MillionReadUnits = 0.125;
    public const double TableGigabyte = 0.25;
    public const double RecoveryGigabyte = 0.20;
    public const double ThousandPuts = 0.005;
    public const double ThousandGets = 0.0004;
    public const double BucketGigabyte = 0.023;
    public const double MillionHttpRequests = 1.00;
    public const double MillionQueueRequests = 0.40;
    public const double LogGigabyte = 0.50;
    public const double CpuHour = 0.04048;
    public const double MemoryGigabyteHour = 0.004445;

    /// <summary>A data node of 2 processors and 16 GiB. Not found in a table: taken by what a like machine costs.</summary>
    public const double SearchNodeHour = 0.17;

    /// <summary>As <see cref="SearchNodeHour"/>.</summary>
    public const double SearchGigabyte = 0.122;

    public const double HoursAMonth = 730;
}

/// <summary>What teams do in a month with so many items, as shares of them. Assumed; other shares are other arguments of <c>cost</c>.</summary>
/// <param name="Items">How many there are.</param>
/// <param name="New">Come, or come anew.</param>
/// <param name="Labelled">Are labelled or tagged.</param>
/// <param name="Read">Are read by training, by URLs signed a thousand together.</param>
/// <param name="Megabytes">Of an item.</param>
internal sealed record Month(double Items, double New = 0.05, double Labelled = 0.10, double Read = 2, double Megabytes = 1)
{
    /// <summary>How much more comes in the busiest hour than on average. Assumed.</summary>
    private const double Peak = 10;

    /// <summary>Bytes of an item in the table: its row, and its entry by path with what DynamoDB adds for each. Counted.</summary>
    private static double TableBytes => TableUnits.RowBytes + 100 + (2 * 90) + 100;

    /// <summary>Bytes of an item on a search server with one replica: twice what it takes in the embedded index (measured: <c>search-1m</c>), which is a guess.</summary>
    private const double SearchBytes = 2 * 653;

    /// <summary>Processor of a request of one item, seconds. Measured with two silos on DynamoDB Local: <c>cluster</c>, <c>cpu2</c>.</summary>
    private const double SingleCpu = 2_073e-6;

    /// <summary>Processor of an item that comes in a batch, seconds. Measured on Ceph RGW: <c>push</c>.</summary>
    private const double BatchCpu = 261e-6;

    /// <summary>Two silos of one processor, two gateways of half a one.</summary>
    private const double LeastProcessors = 3;

    private const double Second = 1.0 / (Prices.HoursAMonth * 3_600);

    public double ItemsASecond => Items * New * Peak * Second;

    /// <summary>Write units: new items come in batches, labels one by one.</summary>
    public double WriteUnits => (Items * New * TableUnits.Life(TableUnits.MostRows)) + (Items * Labelled * TableUnits.Life(1) / 2);

    /// <summary>Read units: a row of what is read, of what is confirmed, and of what goes to the index.</summary>
    public double ReadUnits => Items * (Read + (New * 3) + (Labelled * 2));

    public double TableGigabytes => Items * TableBytes / 1e9;

    /// <summary>Bytes, tags and label documents that are put, by clients and by EDNA.</summary>
    public double Puts => Items * ((New * 2) + (Labelled * 2));

    /// <summary>What training gets, and what EDNA looks at when it confirms.</summary>
    public double Gets => Items * (Read + New + Labelled);

    public double BucketGigabytes => Items * Megabytes / 1e3;

    /// <summary>Requests at the gateway: batches of a thousand, labels one by one, an event an item.</summary>
    public double HttpRequests => Items * ((New * 2 / 1_000) + Labelled + (Read / 1_000));

    public double Events => Items * (New + Labelled) * 3;

    /// <summary>Requests a second at the gateway, in the busiest hour.</summary>
    public double RequestsASecond => HttpRequests * Peak * Second;

    /// <summary>Processors at the peak, half of them idle; at least those of two silos and two gateways as deploy/ecs has them.</summary>
    public double Processors => Math.Max(LeastProcessors, 2 * Peak * Second * Items * ((New * BatchCpu) + (Labelled * SingleCpu) + (Read * BatchCpu / 10)));

    /// <summary>Silos of one processor; as many gateways of half a one stand beside them.</summary>
    public int Silos => (int)Math.Ceiling(Processors / 1.5);

    public double SearchGigabytes => Items * SearchBytes / 1e9;

    /// <summary>Shards of at most 30 GB.</summary>
    public int SearchShards => (int)Math.Max(1, Math.Ceiling(SearchGigabytes / 2 / 30));

    /// <summary>Nodes of 16 GiB with at most 400 GB each; never fewer than two.</summary>
    public int SearchNodes => (int)Math.Max(2, Math.Ceiling(SearchGigabytes / 400));

    public double DynamoDollars => (WriteUnits * Prices.MillionWriteUnits / 1e6) + (ReadUnits * Prices.MillionReadUnits / 1e6) + (TableGigabytes * (Prices.TableGigabyte + Prices.RecoveryGigabyte));

    public double RequestDollars => (Puts * Prices.ThousandPuts / 1e3) + (Gets * Prices.ThousandGets / 1e3) + (Events * Prices.MillionQueueRequests / 1e6);

    public double BytesDollars => BucketGigabytes * Prices.BucketGigabyte;

    public double ComputeDollars => Processors * Prices.HoursAMonth * (Prices.CpuHour + (2 * Prices.MemoryGigabyteHour));

    public double SearchDollars => (SearchNodes * Prices.SearchNodeHour * Prices.HoursAMonth) + (SearchGigabytes * 1.25 * Prices.SearchGigabyte);

    public double EdgeDollars => (HttpRequests * Prices.MillionHttpRequests / 1e6) + (HttpRequests * 1e-6 * Prices.LogGigabyte);

    /// <summary>What putting all of them in costs, once: units and requests.</summary>
    public double FirstDollars => (Items * TableUnits.Life(TableUnits.MostRows) * Prices.MillionWriteUnits / 1e6) + (Items * 2 * Prices.ThousandPuts / 1e3);
}
