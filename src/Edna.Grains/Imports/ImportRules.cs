using System.Text;
using Edna.Client;
using Edna.Items;
using Edna.Keys;
using Edna.Objects;
using Edna.Results;

namespace Edna.Imports;

/// <summary>What may be imported, and what a listed object means to an import: functions without effects.</summary>
internal static class ImportRules
{
    /// <summary>What is wrong with a request; null when nothing is.</summary>
    public static Problem? FaultsOf(CreateImport request)
    {
        if (request.Kind == CreateImport.OfLabels) return ImportErrors.KindUnavailable(request.Kind);
        var errors = new FieldErrors();
        errors.Require(request.Kind == CreateImport.OfPrefix, "kind", $"must be {CreateImport.OfPrefix} or {CreateImport.OfLabels}");
        errors.Require(request.Format is null, "format", $"belongs to kind {CreateImport.OfLabels}");
        errors.Require(request.Item is null, "item", $"belongs to kind {CreateImport.OfLabels}");
        errors.Require(request.Path is null, "path", $"belongs to kind {CreateImport.OfLabels}");
        var prefix = request.Prefix ?? "";
        errors.Require(Encoding.UTF8.GetByteCount(prefix) <= ItemPath.MaxBytes, "prefix", $"must be at most {ItemPath.MaxBytes} bytes of UTF-8");
        errors.Require(!prefix.StartsWith('/'), "prefix", "must not start with '/': it is the prefix of keys, whole or after the dataset's root");
        errors.Require(!prefix.Any(char.IsControl), "prefix", "must not contain control characters");
        return errors.ToProblem();
    }

    /// <summary>What the keys start with, the root included. A prefix that starts with the root is taken as whole.</summary>
    /// <param name="root">The dataset's root, empty or ending in <c>/</c>.</param>
    /// <param name="prefix">As it was asked for.</param>
    public static string KeyPrefix(string root, string? prefix) =>
        prefix is null || prefix.StartsWith(root, StringComparison.Ordinal) ? prefix ?? root : root + prefix;

    /// <summary>What a listed object is to the dataset: an object to register, or why it is not one.</summary>
    /// <param name="listed">The object.</param>
    /// <param name="root">The dataset's root.</param>
    public static ListedEntry Read(ListedObject listed, string root)
    {
        var key = listed.Key[root.Length..];
        if (ObjectKeyParts.Read(key) is not null) return default;
        if (key.Length == 0 || key[^1] == '/') return new(null, ImportErrors.Folder, null);
        if (!ItemPath.TryNormalise(key, out var path, out var fault))
        {
            var invalid = ImportErrors.PathInvalid(fault);
            return new(null, invalid.Code, invalid);
        }
        return new(new RegisterObject
        {
            Key = listed.Key, Path = path, Size = listed.Size, ETag = listed.ETag, LastModified = listed.LastModified, ContentType = MediaTypeTable.Of(path),
        }, null, null);
    }
}

/// <summary>A listed object as an import sees it; with neither object nor reason it is EDNA's own, and no matter of the import.</summary>
/// <param name="Object">The object to register.</param>
/// <param name="Skipped">The code of why it is skipped.</param>
/// <param name="Problem">What to report of that; null for what is only counted.</param>
internal readonly record struct ListedEntry(RegisterObject? Object, string? Skipped, Problem? Problem);
