using System.Text.Json;
using Edna.Items;

namespace Edna.Storage.Rows;

/// <summary>The conditions of a list request that only a row's body can answer.</summary>
internal sealed class ItemBodyFilter(ItemListRequest request)
{
    /// <summary>Whether there are any.</summary>
    public bool LooksInside { get; } = request.Label is not null || request.Tags is { Count: > 0 };

    /// <summary>Whether a body has the label and the tags asked for.</summary>
    /// <param name="body">JSON as <see cref="ItemRow.Body"/> says.</param>
    public bool Matches(ReadOnlySpan<byte> body)
    {
        var json = new Utf8JsonReader(body);
        var (label, tags) = (request.Label is null, request.Tags?.Count ?? 0);
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject) return false;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("tags"u8)) tags -= CountTags(ref json);
            else if (json.ValueTextEquals("labels"u8)) label |= HasClass(ref json);
            else json.Skip();
            if (label && tags == 0) return true;
        }
        return false;
    }

    private int CountTags(ref Utf8JsonReader json)
    {
        var count = 0;
        if (!EntersObject(ref json)) return 0;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var wanted = Wanted(ref json);
            json.Read();
            if (wanted is not null && json.TokenType == JsonTokenType.String && json.ValueTextEquals(wanted)) count++;
            json.Skip();
        }
        return count;
    }

    private string? Wanted(ref Utf8JsonReader json)
    {
        if (request.Tags is null) return null;
        foreach (var (key, value) in request.Tags)
            if (json.ValueTextEquals(key)) return value;
        return null;
    }

    private bool HasClass(ref Utf8JsonReader json)
    {
        var found = false;
        if (!EntersObject(ref json)) return false;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (!json.ValueTextEquals("classes"u8))
            {
                json.Skip();
                continue;
            }
            if (!EntersObject(ref json)) continue;
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                found |= request.Label is { } label && json.ValueTextEquals(label);
                json.Skip();
            }
        }
        return found;
    }

    /// <summary>Goes into the value of a property; passes it by when it is no object.</summary>
    private static bool EntersObject(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.StartObject) return true;
        json.Skip();
        return false;
    }
}
