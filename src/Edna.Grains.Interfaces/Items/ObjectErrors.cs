namespace Edna.Items;

/// <summary>What can befall the bytes of an item after they were confirmed. The codes stand in <see cref="ItemFailure.Code"/>.</summary>
public static class ObjectErrors
{
    /// <summary>The object was removed behind EDNA's back.</summary>
    public const string Missing = "object.missing";

    /// <summary>The object has other bytes than those that were confirmed.</summary>
    public const string Overwritten = "object.overwritten";
}
