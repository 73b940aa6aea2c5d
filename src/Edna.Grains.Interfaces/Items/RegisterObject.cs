using Edna.Json;

namespace Edna.Items;

/// <summary>An object that lies in the bucket and is to be an item's content where it is.</summary>
[GenerateSerializer, Immutable, Alias("edna.RegisterObject")]
public sealed record RegisterObject
{
    /// <summary>The object's whole key; it starts with the dataset's root.</summary>
    [Id(0)] public required string Key { get; init; }

    /// <summary>The item's path, normalised.</summary>
    [Id(1)] public required string Path { get; init; }

    /// <summary>Bytes.</summary>
    [Id(2)] public required long Size { get; init; }

    /// <summary>The entity tag, without quotes.</summary>
    [Id(3)] public required string ETag { get; init; }

    /// <summary>When the object was written, UTC.</summary>
    [Id(4)] public required DateTimeOffset LastModified { get; init; }

    /// <summary>The media type: the store's word when <see cref="Tags"/> are known, else what the name says.</summary>
    [Id(5)] public required string ContentType { get; init; }

    /// <summary>The object's own tags, as far as an item may have them; null when the store was not asked for details.</summary>
    [Id(6)] public IReadOnlyDictionary<string, string>? Tags { get; init; }

    /// <summary>The object's own metadata, a JSON object of texts; null when there is none or the store was not asked.</summary>
    [Id(7)] public JsonText? Metadata { get; init; }

    /// <summary>The content revision that the import's page says it becomes; null where none was written.</summary>
    [Id(8)] public long? Revision { get; init; }
}

/// <summary>What registering an object came to.</summary>
[GenerateSerializer, Immutable, Alias("edna.Registration")]
public sealed record Registration
{
    /// <summary>How it ended.</summary>
    [Id(0)] public required RegistrationOutcome Outcome { get; init; }
}

/// <summary>How registering an object ended. Never renumber.</summary>
[GenerateSerializer, Alias("edna.RegistrationOutcome")]
public enum RegistrationOutcome
{
    /// <summary>The item was registered so before; nothing was written.</summary>
    Unchanged = 0,

    /// <summary>It is an item now.</summary>
    Registered = 1,

    /// <summary>The item was there, and took over what had changed.</summary>
    Updated = 2,
}
