using Edna.Results;

namespace Edna.Imports;

/// <summary>What can be wrong with an import, and why it skips an object.</summary>
public static class ImportErrors
{
    /// <summary>Counted for keys that end in <c>/</c>: the folders that consoles make.</summary>
    public const string Folder = "import.folder";

    /// <summary><c>import.kind_unavailable</c>.</summary>
    /// <param name="kind">The kind asked for.</param>
    public static Problem KindUnavailable(string kind) => new()
    {
        Code = "import.kind_unavailable", Status = 501, Title = "This kind of import is not built yet.",
        Detail = $"Imports of kind '{kind}' are not available. Kind 'prefix' registers objects where they lie; PUT …/items/{{item}}/labels writes labels.",
    };

    /// <summary><c>import.path_taken</c>.</summary>
    /// <param name="path">The path.</param>
    public static Problem PathTaken(string path) => new()
    {
        Code = "import.path_taken", Status = 409, Title = "The path has another content.",
        Detail = $"The item '{path}' has a content of its own, uploaded or registered from another key. It was left as it is.",
    };

    /// <summary><c>import.path_invalid</c>.</summary>
    /// <param name="fault">What is wrong with it.</param>
    public static Problem PathInvalid(string fault) => new()
    {
        Code = "import.path_invalid", Status = 400, Title = "The key cannot be a path.", Detail = $"As the path of an item the key {fault}.",
    };

    /// <summary><c>import.upload_open</c>.</summary>
    /// <param name="path">The path.</param>
    public static Problem UploadOpen(string path) => new()
    {
        Code = "import.upload_open", Status = 409, Title = "The item is being uploaded.",
        Detail = $"The object of '{path}' changed while a new content is being uploaded for it. Import again when that has ended.",
    };

    /// <summary><c>import.object_refused</c>.</summary>
    /// <param name="refusal">The store's word for it.</param>
    public static Problem ObjectRefused(string refusal) => new()
    {
        Code = "import.object_refused", Status = 403, Title = "The store does not let the object be read.",
        Detail = $"Asked for its details, the store refused ({refusal}): it may have an owner or an encryption key of its own. Others were imported.",
    };

    /// <summary><c>import.object_gone</c>.</summary>
    public static Problem ObjectGone() => new()
    {
        Code = "import.object_gone", Status = 404, Title = "The object is gone.", Detail = "It was removed after it had been listed.",
    };

    /// <summary><c>import.item_changed</c>.</summary>
    /// <param name="path">The path.</param>
    public static Problem ItemChanged(string path) => new()
    {
        Code = "import.item_changed", Status = 409, Title = "The item was changed at the same moment.",
        Detail = $"'{path}' was written by somebody else while it was being imported. Import again.",
    };
}
