namespace Edna.Storage.Files;

/// <summary>
/// Where clients reach the file store: the gateway's own address, or the public one that the configuration gives. A singleton;
/// signed URLs are made for it.
/// </summary>
public sealed class FileStoreAddress
{
    private volatile Func<Uri?>? _source;
    private volatile Uri? _baseUri;

    /// <summary>
    /// The gateway's address, such as <c>http://127.0.0.1:5080</c>; objects lie under <c>/store/{bucket}/{key}</c> of it.
    /// Null while it is not known.
    /// </summary>
    public Uri? BaseUri
    {
        get => _baseUri ??= _source?.Invoke();
        set => _baseUri = value;
    }

    /// <summary>Asks for the address when it is first needed, unless it was set: a server knows its port only once it listens.</summary>
    /// <param name="source">Gives the address, or null while it is not known.</param>
    public void Follow(Func<Uri?> source) => _source = source;
}
