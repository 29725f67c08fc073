using System.Dynamic;
using System.Text.Json;

namespace Hub.Sdk.StripeWire;

/// <summary>JSON of unknown shape: members by name, absent ones null.</summary>
internal sealed class DynamicJson(JsonElement element) : DynamicObject
{
    public JsonElement Element => element;

    public static object Wrap(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => null,
        JsonValueKind.String => json.GetString(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number => json.TryGetInt64(out var whole) ? whole : json.GetDecimal(),
        _ => new DynamicJson(json),
    };

    public override bool TryGetMember(GetMemberBinder binder, out object result)
    {
        result = element.ValueKind == JsonValueKind.Object && element.TryGetProperty(binder.Name, out var member) ? Wrap(member) : null;
        return true;
    }

    public override bool TryGetIndex(GetIndexBinder binder, object[] indexes, out object result)
    {
        result = indexes switch
        {
            [string name] when element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var member) => Wrap(member),
            [int index] when element.ValueKind == JsonValueKind.Array => Wrap(element[index]),
            _ => null,
        };
        return true;
    }

    public override string ToString() => element.GetRawText();
}
