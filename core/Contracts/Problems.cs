using System.Collections.Immutable;
using System.Globalization;
using Hub.Core.Money;
using NodaTime;
using NodaTime.Text;

namespace Hub.Core.Contracts;

/// <summary>The problems found so far in one deal, in the order of the checks.</summary>
internal sealed class Problems
{
    // Of what Stripe bills already these came about since, or it would not be billed.
    private static readonly ImmutableHashSet<string> MasterData = [ProblemCodes.ProductInactive, ProblemCodes.BillingEmailMissing, ProblemCodes.QuoteContradiction];

    private readonly ImmutableArray<Problem>.Builder _found = ImmutableArray.CreateBuilder<Problem>();

    public bool Any => _found.Count > 0;

    /// <summary>True when something speaks against billing; against what is billed already, master data does not.</summary>
    public bool Refuse(bool billed) => billed ? _found.Any(problem => !MasterData.Contains(problem.Code)) : Any;

    public ImmutableArray<Problem> All => _found.ToImmutable();

    /// <summary>Adds a problem once, however many checks meet it; its value is what the field holds now.</summary>
    public void Add(string code, SalesforceRecord record, string field, string message, string fix)
    {
        var problem = new Problem(code, record.Object, record.Id, field, record.Text(field), message, fix);
        if (!_found.Contains(problem))
        {
            _found.Add(problem);
        }
    }

    /// <summary>Adds a problem found elsewhere.</summary>
    public void Add(Problem problem) => _found.Add(problem);

    public static string Text(LocalDate date) => LocalDatePattern.Iso.Format(date);

    public static string Text(decimal number) => number.ToString("0.############################", CultureInfo.InvariantCulture);

    public static string Price(decimal price, Currency currency) => NearestPrices.Text(price, currency);
}
