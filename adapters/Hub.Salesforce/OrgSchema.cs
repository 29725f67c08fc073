using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Hub.Salesforce;

/// <summary>Which of the wanted fields this org has and the integration user may see.</summary>
/// <remarks>
/// Features a customer does not use need no fields, and orgs with one currency have no <c>CurrencyIsoCode</c>. Describe is read once a day;
/// where it tells nothing, a refused field is learnt from the refusal.
/// </remarks>
internal sealed partial class OrgSchema(SalesforceHttp http, TimeProvider time, IOptions<SalesforceOptions> options, ILogger<OrgSchema> log)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);
    private static readonly TimeSpan LifetimeOfNothing = TimeSpan.FromMinutes(15);
    private readonly (FrozenDictionary<string, ImmutableArray<string>> Wanted, FrozenDictionary<string, FrozenSet<string>> Required) _fields = RecordFields.Of(options.Value.Quotes);
    private readonly ConcurrentDictionary<string, Known> _known = new();
    private readonly ConcurrentDictionary<string, (FrozenSet<string>? Fields, DateTimeOffset Until)> _written = new();

    /// <summary>Objects that deals are read from.</summary>
    public ImmutableArray<string> Objects => [.. _fields.Required.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The fields to select: the wanted ones that exist, and the required ones in any case.</summary>
    public async Task<ImmutableArray<string>> Fields(string @object, CancellationToken ct)
    {
        if (_known.TryGetValue(@object, out Known? known) && time.GetUtcNow() < known.Until)
        {
            return known.Fields;
        }

        FrozenSet<string>? described = await Describe(@object, ct);
        ImmutableArray<string> wanted = _fields.Wanted[@object];
        ImmutableArray<string> fields = described is null
            ? wanted
            : [.. wanted.Where(field => described.Contains(field) || _fields.Required[@object].Contains(field))];
        foreach (string missing in wanted.Except(fields))
        {
            log.FieldDropped(@object, missing);
        }

        _known[@object] = new(fields, described, time.GetUtcNow() + Lifetime);
        return fields;
    }

    /// <summary>Required fields the org lacks, as <c>Object.Field</c>; empty where describe tells nothing.</summary>
    public async Task<ImmutableArray<string>> MissingRequired(string @object, CancellationToken ct)
    {
        await Fields(@object, ct);
        return _known[@object].Described is { } described
            ? [.. _fields.Required[@object].Where(field => !described.Contains(field)).Order(StringComparer.Ordinal).Select(field => $"{@object}.{field}")]
            : [];
    }

    /// <summary>The object's fields as describe tells them; null when the org has no such object, or the integration user may not see it. Looked at again after 15 minutes then.</summary>
    public async Task<FrozenSet<string>?> Described(string @object, CancellationToken ct)
    {
        if (_fields.Wanted.ContainsKey(@object))
        {
            await Fields(@object, ct);
            return _known[@object].Described;
        }

        if (_written.TryGetValue(@object, out var known) && time.GetUtcNow() < known.Until)
        {
            return known.Fields;
        }

        FrozenSet<string>? described = await Describe(@object, ct);
        _written[@object] = (described, time.GetUtcNow() + (described is null ? LifetimeOfNothing : Lifetime));
        return described;
    }

    /// <summary>Takes the lesson of an <c>INVALID_FIELD</c>; true when the next query will differ.</summary>
    public bool Learn(SalesforceException refusal)
    {
        if (refusal.Code != "INVALID_FIELD")
        {
            return false;
        }

        string[] quoted = [.. Quoted().Matches(refusal.Message).Select(match => match.Groups[1].Value)];
        bool learnt = false;
        foreach ((string @object, Known known) in _known)
        {
            // The message also names the object; only an optional field of exactly that object is given up.
            string[] gone =
            [
                .. known.Fields.Where(field => quoted.Contains(field, StringComparer.OrdinalIgnoreCase)
                    && quoted.Contains(@object, StringComparer.OrdinalIgnoreCase)
                    && !_fields.Required[@object].Contains(field)),
            ];
            if (gone.Length > 0)
            {
                _known[@object] = known with { Fields = known.Fields.RemoveRange(gone) };
                log.FieldDropped(@object, string.Join(',', gone));
                learnt = true;
            }
        }

        return learnt;
    }

    private async Task<FrozenSet<string>?> Describe(string @object, CancellationToken ct)
    {
        SalesforceReply reply = await http.TrySend(new(HttpMethod.Get, $"{http.Root}/sobjects/{@object}/describe", "describe"), ct);
        if (reply.Failure is FailureKind.Gone)
        {
            return null;
        }

        JsonElement json = (reply.Failure is null ? reply : throw http.Exception(reply)).Json();
        return json.ValueKind == JsonValueKind.Object && json.TryGetProperty("fields", out JsonElement fields) && fields.ValueKind == JsonValueKind.Array
            ? fields.EnumerateArray()
                .Select(field => field.TryGetProperty("name", out JsonElement name) ? name.GetString() ?? "" : "")
                .ToFrozenSet(StringComparer.OrdinalIgnoreCase)
            : null;
    }

    [GeneratedRegex("'([A-Za-z][A-Za-z0-9_]*)'", RegexOptions.CultureInvariant)]
    private static partial Regex Quoted();

    private sealed record Known(ImmutableArray<string> Fields, FrozenSet<string>? Described, DateTimeOffset Until);
}
