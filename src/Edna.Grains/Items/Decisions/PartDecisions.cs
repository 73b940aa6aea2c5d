using Edna.Objects;
using Edna.Results;

namespace Edna.Items;

/// <summary>What the parts of a multipart upload come to: functions without effects.</summary>
public static class PartDecisions
{
    /// <summary>The numbers of the parts that have not arrived, ascending.</summary>
    /// <param name="upload">The open multipart upload.</param>
    /// <param name="arrived">What the store has.</param>
    public static IEnumerable<int> Missing(OpenUpload upload, IReadOnlyList<StoredPart> arrived)
    {
        var whole = arrived.Where(p => IsWhole(upload, p)).Select(p => p.PartNumber).ToHashSet();
        return Enumerable.Range(1, upload.PartCount).Where(number => !whole.Contains(number));
    }

    /// <summary>What is wrong with a request to sign parts; null when nothing is.</summary>
    /// <param name="upload">The open multipart upload.</param>
    /// <param name="numbers">The parts asked for.</param>
    public static Problem? FaultsOf(OpenUpload upload, IReadOnlyList<int> numbers)
    {
        if (numbers.Count is 0 or > UploadParts.MostAsked)
            return RequestErrors.Invalid("partNumbers", $"must name 1 to {UploadParts.MostAsked} parts");
        return numbers.All(n => n >= 1 && n <= upload.PartCount)
            ? null
            : RequestErrors.Invalid("partNumbers", $"must be numbers from 1 to {upload.PartCount}, the upload's count of parts");
    }

    /// <summary>The parts to make the object of: those that the client names, or those that the store has.</summary>
    /// <param name="path">The item's path.</param>
    /// <param name="upload">The open multipart upload.</param>
    /// <param name="named">The client's parts; null or empty for none.</param>
    /// <param name="arrived">The store's parts; used when the client names none.</param>
    public static Result<IReadOnlyList<ObjectPart>> ToComplete(
        string path, OpenUpload upload, IReadOnlyList<UploadedPart>? named, IReadOnlyList<StoredPart>? arrived)
    {
        var parts = new ObjectPart[upload.PartCount];
        if (named is { Count: > 0 })
        {
            foreach (var part in named)
            {
                if (part.PartNumber < 1 || part.PartNumber > parts.Length)
                    return RequestErrors.Invalid("parts", $"must be numbered from 1 to {parts.Length}, the upload's count of parts");
                if (part.Etag.Trim('"').Length == 0) return RequestErrors.Invalid("parts", "must each have the etag that the store answered");
                if (parts[part.PartNumber - 1] != default) return RequestErrors.Invalid("parts", $"must name each part once; {part.PartNumber} stands twice");
                parts[part.PartNumber - 1] = new(part.PartNumber, part.Etag.Trim('"'));
            }
        }
        else
        {
            foreach (var part in arrived!.Where(p => IsWhole(upload, p))) parts[part.PartNumber - 1] = new(part.PartNumber, part.ETag);
        }
        var missing = parts.Count(p => p == default);
        return missing == 0 ? parts : UploadErrors.PartsMissing(path, missing, Array.IndexOf(parts, default) + 1);
    }

    private static bool IsWhole(OpenUpload upload, StoredPart part) =>
        part.PartNumber >= 1 && part.PartNumber <= upload.PartCount && part.Size == UploadParts.SizeOf(part.PartNumber, upload.Size, upload.PartSize);
}
