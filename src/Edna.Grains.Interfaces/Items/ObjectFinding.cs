namespace Edna.Items;

/// <summary>What a look at an item's content in the store found; everything but <see cref="Same"/> and <see cref="NoContent"/> has changed the item.</summary>
[GenerateSerializer, Alias("edna.ObjectFinding")]
public enum ObjectFinding
{
    /// <summary>The item has no confirmed content, or there is no such item: nothing was looked at.</summary>
    NoContent = 0,

    /// <summary>The store has what the item says, or lacks what the item already misses.</summary>
    Same = 1,

    /// <summary>The object is gone: the item has failed with <see cref="ObjectErrors.Missing"/>.</summary>
    Missing = 2,

    /// <summary>An object of EDNA's own has other bytes: the item has failed with <see cref="ObjectErrors.Overwritten"/>.</summary>
    Overwritten = 3,

    /// <summary>An object registered in place has other bytes: they belong to their owner, so the item has taken them over.</summary>
    Replaced = 4,

    /// <summary>Lost bytes are back as they were: the item is available again.</summary>
    Returned = 5,

    /// <summary>The object's tags were changed: the item has taken them over.</summary>
    Retagged = 6,
}
