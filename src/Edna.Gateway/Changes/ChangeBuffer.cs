namespace Edna.Changes;

/// <summary>
/// The newest changes of a dataset, of a bounded size, shared by all who follow it: each holds no more than its cursor. It has every
/// change after <see cref="Floor"/>. One writes, many read.
/// </summary>
/// <param name="start">The cursor after which it is filled.</param>
/// <param name="mostBytes">What it keeps at most, in bytes; the newest page is kept whatever its size.</param>
internal sealed class ChangeBuffer(string start, int mostBytes)
{
    private readonly Lock gate = new();
    private readonly List<ChangeEvents> pages = [];
    private long bytes;

    /// <summary>The cursor after which it has everything.</summary>
    public string Floor { get; private set; } = start;

    /// <summary>The cursor of the newest change, or the one it started at.</summary>
    public string Head { get; private set; } = start;

    /// <summary>Adds what comes next; the oldest pages go where there is no room.</summary>
    public void Append(ChangeEvents page)
    {
        lock (gate)
        {
            pages.Add(page);
            bytes += page.Length;
            Head = page.Last;
            var gone = 0;
            for (; bytes > mostBytes && gone < pages.Count - 1; gone++)
            {
                bytes -= pages[gone].Length;
                Floor = pages[gone].Last;
            }
            pages.RemoveRange(0, gone);
        }
    }

    /// <summary>The page with the first change after a cursor.</summary>
    /// <param name="cursor">What the reader has.</param>
    /// <param name="page">The page; null when there is nothing newer.</param>
    /// <returns>False when changes after the cursor are not kept any more.</returns>
    public bool TryRead(string cursor, out ChangeEvents? page)
    {
        lock (gate)
        {
            page = null;
            if (string.CompareOrdinal(cursor, Floor) < 0) return false;
            if (string.CompareOrdinal(cursor, Head) >= 0) return true;
            var (low, high) = (0, pages.Count - 1);
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (string.CompareOrdinal(pages[middle].Last, cursor) > 0) high = middle;
                else low = middle + 1;
            }
            page = pages[low];
            return true;
        }
    }
}
