using System.Globalization;
using System.Text.Json;
using Hub.Core.Contracts;

namespace Hub.Core.Books;

/// <summary>Applies the <c>settings</c> of a books file to the defaults; names are those of the configuration.</summary>
internal sealed class BooksSettings(BooksDefects defects)
{
    private const string Terms = "PaymentTerms:";
    private const string Types = "DealTypes:";
    private const string Approval = "ApprovalAbove:";

    private readonly ContractsOptions _contracts = new();

    /// <summary>Zone named by <c>Hub:BillingTimeZone</c>; null when the settings name none.</summary>
    public string? BillingTimeZone { get; private set; }

    public ContractsOptions Apply(JsonElement? settings)
    {
        if (settings is { } json)
        {
            foreach ((string name, string path, JsonElement value) in Flat(json, "", "$.settings"))
            {
                Apply(name, path, value);
            }
        }

        return _contracts;
    }

    private static IEnumerable<(string Name, string Path, JsonElement Value)> Flat(JsonElement json, string prefix, string path) =>
        json.EnumerateObject().SelectMany(member =>
        {
            string name = prefix + member.Name.Replace("__", ":", StringComparison.Ordinal);
            string memberPath = $"{path}['{member.Name}']";
            return member.Value.ValueKind == JsonValueKind.Object ? Flat(member.Value, name + ":", memberPath) : [(name, memberPath, member.Value)];
        });

    private void Apply(string name, string path, JsonElement value)
    {
        if (string.Equals(name, ContractsOptions.BillingTimeZoneSetting, StringComparison.OrdinalIgnoreCase))
        {
            BillingTimeZone = Text(value);
        }
        else if (name.StartsWith(ContractsOptions.Section + ":", StringComparison.OrdinalIgnoreCase))
        {
            Contract(name[(ContractsOptions.Section.Length + 1)..], path, value);
        }
    }

    private void Contract(string name, string path, JsonElement value)
    {
        switch (name.ToUpperInvariant())
        {
            case "BACKDATELIMITDAYS":
                _contracts.BackdateLimitDays = Number(path, value, _contracts.BackdateLimitDays);
                break;
            case "FIRSTRUNLOOKBACKDAYS":
                _contracts.FirstRunLookBackDays = Number(path, value, _contracts.FirstRunLookBackDays);
                break;
            case "PRORATIONPOLICY":
                _contracts.ProrationPolicy = Pick(path, value, _contracts.ProrationPolicy);
                break;
            case "CREDITPOLICY":
                _contracts.CreditPolicy = Pick(path, value, _contracts.CreditPolicy);
                break;
            case "AUTOMATICTAX":
                _contracts.AutomaticTax = Flag(path, value);
                break;
            case "CUSTOMERPERCURRENCY":
                _contracts.CustomerPerCurrency = Flag(path, value);
                break;
            case "SUGGESTCUSTOMERS":
                _contracts.SuggestCustomers = Flag(path, value);
                break;
            case "ROLLINGPHASES":
                _contracts.RollingPhases = Flag(path, value);
                break;
            case "CREATEMISSINGPRODUCTS":
                _contracts.CreateMissingProducts = Flag(path, value);
                break;
            case "APPROVALDISCOUNTPERCENT":
                _contracts.ApprovalDiscountPercent = Decimal(path, value);
                break;
            case var _ when name.StartsWith(Approval, StringComparison.OrdinalIgnoreCase) && Decimal(path, value) is { } limit:
                _contracts.ApprovalAbove[name[Approval.Length..]] = limit;
                break;
            case "SIGNEDDOCUMENTS":
                _contracts.SignedDocuments = Pick(path, value, _contracts.SignedDocuments);
                break;
            case "COMPAREWITHSTRIPEPREVIEW":
                _contracts.CompareWithStripePreview = Flag(path, value);
                break;
            case var _ when name.StartsWith(Terms, StringComparison.OrdinalIgnoreCase):
                _contracts.PaymentTerms[name[Terms.Length..]] = Number(path, value, 0);
                break;
            case var _ when name.StartsWith(Types, StringComparison.OrdinalIgnoreCase):
                _contracts.DealTypes[name[Types.Length..]] = Pick(path, value, DealType.New);
                break;
            default:
                defects.Add(path, "a setting the Hub knows");
                break;
        }
    }

    private static string Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    private int Number(string path, JsonElement value, int otherwise)
    {
        if (int.TryParse(Text(value), NumberStyles.None, CultureInfo.InvariantCulture, out int number))
        {
            return number;
        }

        defects.Add(path, "a whole number", value);
        return otherwise;
    }

    private decimal? Decimal(string path, JsonElement value)
    {
        if (decimal.TryParse(Text(value), NumberStyles.Number, CultureInfo.InvariantCulture, out decimal number))
        {
            return number;
        }

        defects.Add(path, "a number", value);
        return null;
    }

    private bool Flag(string path, JsonElement value)
    {
        if (bool.TryParse(Text(value), out bool flag))
        {
            return flag;
        }

        defects.Add(path, "true or false", value);
        return false;
    }

    private T Pick<T>(string path, JsonElement value, T otherwise)
        where T : struct, Enum
    {
        string text = Text(value);
        if (Enum.TryParse(text, ignoreCase: true, out T picked) && Enum.IsDefined(picked) && !text.Any(char.IsAsciiDigit))
        {
            return picked;
        }

        defects.Add(path, $"one of {string.Join(", ", Enum.GetNames<T>())}", value);
        return otherwise;
    }
}
