using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Hub.Core.Readiness;
using Microsoft.Extensions.Options;
using F = Hub.Core.Contracts.SalesforceFields;

namespace Hub.Salesforce;

/// <summary>Says in words why Salesforce cannot be used: sign-in, retired API version, missing fields.</summary>
internal sealed class SalesforceCheck(SalesforceHttp http, OrgSchema schema, IOptions<SalesforceOptions> options) : IDependencyCheck
{
    public string Name => "salesforce";

    public async Task<string?> Check(CancellationToken ct)
    {
        try
        {
            return VersionDefect(await http.Versions(ct)) ?? await FieldDefect(ct);
        }
        catch (SalesforceException error)
        {
            return error.Message;
        }
    }

    public async Task<string?> Note(CancellationToken ct)
    {
        try
        {
            return await schema.Described(F.Objects.Invoice, ct) is null
                ? $"Salesforce has no object {F.Objects.Invoice}, or the integration user may not see it: invoices are not mirrored until the Hub's package is installed."
                : null;
        }
        catch (SalesforceException error)
        {
            return error.Message;
        }
    }

    private string? VersionDefect(SalesforceReply reply)
    {
        if (!reply.Succeeded)
        {
            return null;
        }

        decimal[] versions = Versions(reply.Json());
        decimal pinned = decimal.Parse(options.Value.ApiVersion, CultureInfo.InvariantCulture);
        return versions.Length == 0 || versions.Contains(pinned)
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"Salesforce does not serve API version {pinned:0.0}; it offers {versions.Min():0.0} to {versions.Max():0.0}.");
    }

    /// <summary>As numbers: as text, 100.0 sorts below 67.0.</summary>
    private static decimal[] Versions(JsonElement json) => json.ValueKind != JsonValueKind.Array
        ? []
        :
        [
            .. from entry in json.EnumerateArray()
               where entry.ValueKind == JsonValueKind.Object && entry.TryGetProperty("version", out JsonElement version) && version.ValueKind == JsonValueKind.String
               let number = decimal.TryParse(entry.GetProperty("version").GetString(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal value) ? value : 0
               where number > 0
               select number,
        ];

    private async Task<string?> FieldDefect(CancellationToken ct)
    {
        ImmutableArray<string> missing = [];
        foreach (string @object in schema.Objects)
        {
            missing = missing.AddRange(await schema.MissingRequired(@object, ct));
        }

        return await QuoteDefect(ct) ?? Missing(missing);
    }

    private async Task<string?> QuoteDefect(CancellationToken ct)
    {
        foreach (string @object in options.Value.Quotes ? (string[])[F.Objects.Quote, F.Objects.QuoteLine] : [])
        {
            if (await schema.Described(@object, ct) is null)
            {
                return $"Salesforce:Quotes is on, but Salesforce has no object {@object}, or the integration user may not see it: switch Quotes on in the org and give the user read access to them, or switch the setting off.";
            }
        }

        return null;
    }

    private static string? Missing(ImmutableArray<string> missing) => missing.IsEmpty
        ? null
        : $"Salesforce lacks these fields, or the integration user may not see them: {string.Join(", ", missing)}.";
}
