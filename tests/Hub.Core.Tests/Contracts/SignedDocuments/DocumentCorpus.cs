using System.Collections.Immutable;
using Hub.Core.Contracts;
using Hub.Core.Contracts.SignedDocuments;

namespace Hub.Core.Tests.Contracts.SignedDocuments;

/// <summary>A piece of a contract and what a careful reader says of it.</summary>
/// <param name="Truth">Terms the piece states beyond doubt: <c>start:agrees total:differs</c>; all others it does not state.</param>
public sealed record Snippet(string Name, string Text, string Truth)
{
    public override string ToString() => Name;
}

/// <summary>
/// Pieces of contracts, written by hand in the usual wordings, with traps, all read beside one deal: 24 months from 2027-01-01 to 2028-12-31, Net 30, USD,
/// 24,000.00 in all (12,000.00 amount of the opportunity), PO-4711, ends by itself, 60 days' notice.
/// </summary>
internal static class DocumentCorpus
{
    public static DealSnapshot Deal(params (string Field, object? Value)[] changes) => Deals.New()
        .Line("SEAT", 10, 1200m)
        .With(
            ("Hub_Contract_Start__c", "2027-01-01"), ("Hub_Term_Months__c", 24), ("Hub_Payment_Terms__c", "Net 30"), ("Hub_PO_Number__c", "PO-4711"),
            ("Hub_Auto_Renew__c", false), ("Hub_Notice_Days__c", 60))
        .With(changes).Snapshot();

    public static ImmutableArray<TermCheck> Check(string text, params (string Field, object? Value)[] changes)
    {
        DealSnapshot deal = Deal(changes);
        return DocumentComparison.Compare(text, deal, ContractPlanning.Plan(deal, BillingSnapshot.Empty, Deals.Date("2026-12-15"), new()), new());
    }

    /// <summary>Every piece.</summary>
    public static ImmutableArray<Snippet> All => [.. First, .. Second, .. Third, .. Fourth];

    /// <summary>The pieces the rules were written with.</summary>
    public static ImmutableArray<Snippet> First { get; } =
    [
        // Start
        new("start, plain", "This Agreement commences on January 1, 2027.", "start:agrees"),
        new("start, day first", "The Subscription starts on 1 January 2027 and is governed by the laws of England.", "start:agrees"),
        new("start, ordinal", "The Initial Term shall commence on the 1st day of January 2027.", "start:agrees"),
        new("start, another date", "This Agreement commences on February 1, 2027.", "start:differs"),
        new("start, label", "Subscription Start Date: 2027-01-01", "start:agrees"),
        new("start, label, another date", "Contract Start Date: 01.02.2027", "start:differs"),
        new("start, points are day first", "Start Date: 01.01.2027", "start:agrees"),
        new("start, label above its value", "Subscription Start Date:\n1 January 2027\nBilling Contact:\nPat Smith", "start:agrees"),
        new("start, slashes that leave it open", "Subscription Start Date: 03/04/2027", ""),
        new("start, slashes with a day over twelve", "Subscription Start Date: 13/01/2027", "start:differs"),
        new("start, slashes with day and month equal", "Subscription Start Date: 01/01/2027", "start:agrees"),
        new("start, year in two digits", "Subscription Start Date: 1/1/27", ""),
        new("start, two dates", "This Agreement commences on January 1, 2027. Notwithstanding the above, the Subscription starts on March 1, 2027.", ""),
        new("start, negated", "This Agreement shall not commence on February 1, 2027 unless both parties have signed.", ""),
        new("start, about", "The Subscription starts on or about February 1, 2027.", ""),
        new("start, a choice", "This Agreement commences on February 1, 2027 or such later date as the parties agree in writing.", ""),
        new("start, earlier agreement", "The prior agreement commenced on February 1, 2025 and is superseded hereby.", ""),
        new("start, condition", "If this Agreement commences on February 1, 2027, the first invoice is issued in advance.", ""),
        new("start, example", "For example, where a subscription starts on March 15, 2027, the first period ends on March 31, 2027.", ""),
        new("start, ramp", "The second phase of the subscription begins on January 1, 2028 with 40 seats.", ""),
        new("start, of a trial", "The trial subscription starts on December 1, 2026.", ""),
        new("start, signature is none", "This Agreement is entered into as of December 15, 2026 (the \"Effective Date\") by and between Acme Ltd and Widgets Inc.", ""),
        new("start, from through", "The initial subscription term runs from January 1, 2027 through December 31, 2028.", "start:agrees term:agrees"),
        new("start, from through, other year", "The subscription term runs from January 1, 2027 through December 31, 2027.", "start:agrees term:differs"),
        new("start, until may exclude the day", "The contract is valid from 1 January 2027 until 1 January 2029.", "start:agrees"),
        new("start, misread digit", "Subscription Start Date: O1 February 2027", ""),
        new("start, impossible day", "Subscription Start Date: 30 February 2027", ""),
        new("start, wrapped line", "The parties agree that, subject to signature, this Agreement commences on 1 January\n2027 at midnight.", "start:agrees"),
        new("start, effective as of", "This Agreement is effective as of January 1, 2027 and shall continue for a period of twenty-four (24) months.", "start:agrees term:agrees"),
        new("start, invoice date is none", "The first invoice is dated January 15, 2027 and covers the period from signature.", ""),

        // Term
        new("term, words and digits", "The initial term of this Agreement is twenty-four (24) months.", "term:agrees"),
        new("term, words and digits differ", "The initial term of this Agreement is twelve (24) months.", ""),
        new("term, years in words", "The Subscription Term shall be two (2) years.", "term:agrees"),
        new("term, three years", "The Subscription Term is three (3) years.", "term:differs"),
        new("term, label", "Term: 24 months", "term:agrees"),
        new("term, label, other", "Contract Duration: 36 months", "term:differs"),
        new("term, adjective", "Customer commits to a 12-month initial term.", "term:differs"),
        new("term, continue for", "This Agreement shall continue in full force and effect for a period of 24 months from the date above.", "term:agrees"),
        new("term, a range", "The initial term is 12 to 24 months, as chosen by Customer.", ""),
        new("term, either or", "The initial term is twelve (12) or thirty-six (36) months.", ""),
        new("term, of a renewal", "Thereafter the Agreement renews for a renewal term of twelve (12) months.", ""),
        new("term, both", "The initial term is twenty-four (24) months and shall not renew automatically; any renewal term of 12 months requires a new order.", "term:agrees autoRenewal:agrees"),
        new("term, confidentiality", "The obligations of confidentiality survive for a term of five (5) years.", ""),
        new("term, warranty", "Supplier grants a warranty with a term of twelve (12) months.", ""),
        new("term, of a lease", "The hardware lease has a term of 36 months.", ""),
        new("term, two terms", "The initial term is 24 months. In section 9 the initial term is 36 months.", ""),
        new("term, notice is none", "Either party may terminate upon three (3) months written notice.", ""),
        new("term, month misread", "The initial term is l2 months.", ""),
        new("term, blank inside", "The initial term is 1 2 months.", ""),
        new("term, hyphenated at line end", "The initial term of this Agreement is twenty-\nfour (24) months.", "term:agrees"),
        new("term, ends on", "The Initial Term ends on 31 December 2028.", "term:agrees"),
        new("term, ends on another day", "The Initial Term expires on 31 December 2027.", "term:differs"),
        new("term, at least", "The term of this Agreement is at least 12 months.", ""),
        new("term, payment term", "Payment term: 30 days from the invoice date.", "netDays:agrees"),
        new("term, remaining", "Prices hold for the remaining term of 6 months.", ""),

        // Total
        new("total, code before", "The total contract value is USD 24,000.00.", "total:agrees currency:agrees"),
        new("total, code after", "Total fees: 24,000.00 USD", "total:agrees currency:agrees"),
        new("total, the opportunity's amount", "The total order value amounts to USD 12,000.", "total:agrees currency:agrees"),
        new("total, another amount", "Total Contract Value: USD 25,000.00", "total:differs currency:agrees"),
        new("total, sign only", "The total fees are $24,000.00.", "total:agrees"),
        new("total, sign only, another amount", "The total fees are $26,000.00.", "total:differs"),
        new("total, euro", "The total price is €24,000.00.", "total:differs currency:differs"),
        new("total, per year", "The total annual fee is USD 12,500.00 per year.", "currency:agrees"),
        new("total, per month behind", "Total fees of USD 1,000.00 per month are invoiced in advance.", "currency:agrees"),
        new("total, with tax", "Total price including VAT: USD 28,800.00", "currency:agrees"),
        new("total, without tax", "Total (excl. VAT): USD 24,000.00", "total:agrees currency:agrees"),
        new("total, liability", "Supplier's total aggregate liability shall not exceed USD 100,000.", "currency:agrees"),
        new("total, year by year", "Total fees for Year 1: USD 11,000.00. Total fees for Year 2: USD 13,000.00.", "currency:agrees"),
        new("total, two totals", "The total contract value is USD 24,000.00. The total contract value is USD 23,000.00.", "currency:agrees"),
        new("total, misread", "The total contract value is USD 25,O00.00.", "currency:agrees"),
        new("total, European marks", "The total contract value is USD 24.000,00.", "total:agrees currency:agrees"),
        new("total, a mark that may be either", "The total contract value is USD 24.000.", "currency:agrees"),
        new("total, up to", "Total fees of up to USD 30,000 may be incurred.", "currency:agrees"),
        new("total, blanks between thousands", "The total contract value is USD 24 000.00.", "total:agrees currency:agrees"),
        new("total, of seats", "The total number of seats is 10.", ""),
        new("total, subtotal", "Sub-total USD 20,000.00", "currency:agrees"),
        new("total, line", "Total USD 24,000.00", "total:agrees currency:agrees"),
        new("total, approximate", "The total price is approximately USD 20,000.", "currency:agrees"),
        new("total, instalments", "The total fees are payable in two instalments of USD 12,000.00 each.", "currency:agrees"),

        // Net days
        new("net, short", "Payment Terms: Net 30", "netDays:agrees"),
        new("net, other", "Payment terms: net 45 days.", "netDays:differs"),
        new("net, sentence", "Customer shall pay each invoice within thirty (30) days of the invoice date.", "netDays:agrees"),
        new("net, after the date", "Invoices are due and payable within 30 days after the date of the invoice.", "netDays:agrees"),
        new("net, sixty", "All invoices are payable within sixty (60) days from the invoice date.", "netDays:differs"),
        new("net, words and digits differ", "Invoices are payable within thirty (60) days of the invoice date.", ""),
        new("net, of receipt", "Customer shall pay within 45 days of receipt of the invoice.", ""),
        new("net, business days", "Invoices are payable within 20 business days of the invoice date.", ""),
        new("net, on receipt", "Invoices are due upon receipt.", "netDays:differs"),
        new("net, range", "Invoices are payable within 30-45 days of the invoice date.", ""),
        new("net, late", "If an invoice is not paid within 60 days of the invoice date, Supplier may suspend the service.", ""),
        new("net, suspension", "Supplier may suspend the service where an invoice remains unpaid within 14 days of the invoice date.", ""),
        new("net, fallback", "Unless otherwise agreed in the Order Form, invoices are payable within 45 days of the invoice date.", ""),
        new("net, fallback and order", "Unless otherwise agreed in the Order Form, invoices are payable within 45 days of the invoice date.\n\nORDER FORM\nPayment Terms: Net 30\n", "netDays:agrees"),
        new("net, two", "Payment terms: Net 30. Invoices are payable within 45 days of the invoice date.", ""),
        new("net, an amount", "The payment is USD 500 net 10,000 points.", "currency:agrees"),
        new("net, refund", "Refunds are paid within 14 days of the date of the invoice.", ""),
        new("net, dispute", "Customer shall dispute an invoice within 10 days of the invoice date.", ""),
        new("net, no later than", "Payment is due no later than thirty (30) days from the invoice date.", "netDays:agrees"),

        // Renewal
        new("renewal, yes", "This Agreement shall automatically renew for successive periods of one (1) year unless either party gives notice of non-renewal.", "autoRenewal:differs"),
        new("renewal, no", "This Agreement shall not renew automatically.", "autoRenewal:agrees"),
        new("renewal, no, other order", "The subscription will not automatically renew at the end of the term.", "autoRenewal:agrees"),
        new("renewal, will be renewed", "Upon expiry the subscription is automatically renewed for one year.", ""),
        new("renewal, at the end", "The subscription is automatically renewed at the end of each term.", "autoRenewal:differs"),
        new("renewal, none", "There is no automatic renewal of this Agreement.", "autoRenewal:agrees"),
        new("renewal, label", "Auto-Renewal: No", "autoRenewal:agrees"),
        new("renewal, label yes", "Auto-renewal: Yes", "autoRenewal:differs"),
        new("renewal, may", "The parties may agree that the subscription be automatically renewed.", ""),
        new("renewal, only if", "The subscription renews automatically only if Customer confirms in writing.", ""),
        new("renewal, not unless", "This Agreement shall not automatically renew unless Customer confirms in writing.", ""),
        new("renewal, both", "This Agreement shall automatically renew. The Subscription shall not renew automatically.", ""),
        new("renewal, not prevented", "Nothing herein shall prevent the Agreement from being automatically renewed.", ""),
        new("renewal, of a discount", "The promotional discount shall not automatically renew.", ""),
        new("renewal, hyphenated", "This Agreement shall auto-\nmatically renew for further periods of twelve months.", "autoRenewal:differs"),
        new("renewal, by agreement", "The parties may renew this Agreement by signing a new order form.", ""),

        // Notice
        new("notice, renewal", "Either party may prevent renewal by giving at least sixty (60) days prior written notice before the end of the term.", "noticePeriod:agrees"),
        new("notice, other", "Either party may terminate this Agreement at the end of the term upon ninety (90) days' written notice.", "noticePeriod:differs"),
        new("notice, breach", "Either party may terminate for material breach upon thirty (30) days written notice.", ""),
        new("notice, price change", "Supplier may increase prices upon thirty (30) days written notice.", ""),
        new("notice, two", "Customer may cancel with 30 days notice. Either party may end the renewal with 60 days notice.", ""),
        new("notice, business days", "Customer may cancel with ten (10) business days' notice.", ""),
        new("notice, maintenance", "Supplier gives five (5) days notice of scheduled maintenance.", ""),
        new("notice, label", "Notice Period: 60 days", "noticePeriod:agrees"),
        new("notice, audit", "Supplier may inspect the books upon fifteen (15) days prior written notice.", ""),
        new("notice, words and digits differ", "Either party may cancel upon sixty (90) days prior written notice.", ""),
        new("notice, unclear digits", "Either party may cancel upon 6O days prior written notice.", ""),

        // Currency
        new("currency, stated", "All fees are stated and payable in US Dollars.", "currency:agrees"),
        new("currency, other", "All amounts are payable in euros.", "currency:differs"),
        new("currency, label", "Currency: USD", "currency:agrees"),
        new("currency, label, other", "Currency: CAD", "currency:differs"),
        new("currency, bare sign", "The set-up fee is $500.00.", ""),
        new("currency, two", "The fee is USD 500.00 and the deposit is EUR 300.00.", ""),
        new("currency, converted", "Expenses are converted into EUR at the exchange rate of the day.", ""),
        new("currency, insurance", "Supplier maintains insurance of EUR 1,000,000. All fees are payable in USD.", "currency:agrees"),
        new("currency, negated", "Fees are not payable in EUR.", ""),
        new("currency, pound sign", "The set-up fee is £500.00.", "currency:differs"),
        new("currency, word that is no code", "We TRY to resolve ALL incidents.", ""),

        // PO
        new("po, label", "PO Number: PO-4711", "poNumber:agrees"),
        new("po, other", "Purchase Order No. 998877", "poNumber:differs"),
        new("po, blanks", "Purchase order number PO 4711", ""),
        new("po, box", "Acme Ltd, P.O. Box 1234, Dublin", ""),
        new("po, general", "The terms of any purchase order issued by Customer are void.", ""),
        new("po, to come", "PO Number: to be provided", ""),
        new("po, two", "PO Number: PO-4711\nPO Number: PO-4712", ""),
        new("po, confused characters", "PO Number: PO-47ll", ""),
        new("po, required", "A purchase order is required before the first invoice of 2027.", ""),

        // Whole documents
        new("order form",
            """
            ORDER FORM No. 2026-118
            Customer: Acme Ltd
            Subscription Start Date: January 1, 2027
            Subscription Term: 24 months
            Payment Terms: Net 30
            Currency: USD
            PO Number: PO-4711
            Auto-Renewal: No

            Product      Qty   Unit price     Total
            Seats         10   USD 1,200.00   USD 12,000.00

            Total Contract Value: USD 24,000.00
            """,
            "start:agrees term:agrees netDays:agrees currency:agrees poNumber:agrees autoRenewal:agrees total:agrees"),
        new("order form with differences",
            """
            ORDER FORM No. 2026-119
            Subscription Start Date: February 1, 2027
            Subscription Term: 12 months
            Payment Terms: Net 60
            Currency: EUR
            PO Number: 55-0815
            Auto-Renewal: Yes
            Total Contract Value: EUR 18,000.00
            """,
            "start:differs term:differs netDays:differs currency:differs poNumber:differs autoRenewal:differs total:differs"),
        new("agreement",
            """
            1. Definitions
            "Services" means the services described in the Order Form.

            2. Term
            2.1 This Agreement commences on 1 January 2027 and continues for an initial term of twenty-four (24) months
            (the "Initial Term").
            2.2 This Agreement shall not renew automatically. Either party may propose a renewal with at least sixty (60)
            days prior written notice.

            3. Fees
            3.1 The total fees are USD 24,000.00, excluding taxes. Fees are invoiced annually in advance.
            3.2 Customer shall pay each invoice within thirty (30) days of the invoice date. Amounts not paid within ten (10)
            days of a reminder bear interest.

            4. Liability
            The aggregate liability of either party shall not exceed the total fees paid in the preceding twelve (12) months.
            """,
            "start:agrees term:agrees autoRenewal:agrees noticePeriod:agrees total:agrees currency:agrees netDays:agrees"),

        // German
        new("de, Beginn", "Der Vertrag beginnt am 1. Januar 2027.", "start:agrees"),
        new("de, anderer Beginn", "Vertragsbeginn: 01.02.2027", "start:differs"),
        new("de, Laufzeit", "Die Laufzeit beträgt 24 Monate.", "term:agrees"),
        new("de, andere Laufzeit", "Die Vertragslaufzeit beträgt zwölf (12) Monate.", "term:differs"),
        new("de, Worte gegen Ziffern", "Die Laufzeit beträgt zwölf (24) Monate.", ""),
        new("de, Gesamtpreis", "Der Gesamtpreis beträgt USD 24.000,00.", "total:agrees currency:agrees"),
        new("de, anderer Gesamtpreis", "Der Gesamtpreis beträgt 25.000,00 EUR netto.", "total:differs currency:differs"),
        new("de, zahlbar", "Rechnungen sind zahlbar innerhalb von 30 Tagen nach Rechnungsdatum.", "netDays:agrees"),
        new("de, Zahlungsziel", "Zahlungsziel: 14 Tage", "netDays:differs"),
        new("de, nach Erhalt", "Rechnungen sind zahlbar innerhalb von 14 Tagen nach Erhalt der Rechnung.", ""),
        new("de, verlängert sich", "Der Vertrag verlängert sich automatisch um jeweils ein Jahr.", "autoRenewal:differs"),
        new("de, verlängert sich nicht", "Der Vertrag verlängert sich nicht automatisch.", "autoRenewal:agrees"),
        new("de, Frist", "Die Kündigungsfrist beträgt 60 Tage.", "noticePeriod:agrees"),
        new("de, Frist aus wichtigem Grund", "Die Kündigung aus wichtigem Grund ist mit einer Frist von 14 Tagen möglich.", ""),
        new("de, Bestellnummer", "Bestellnummer: PO-4711", "poNumber:agrees"),
        new("de, Probezeit", "Die Probephase beginnt am 1. Dezember 2026 und hat eine Laufzeit von 3 Monaten.", ""),
    ];

    /// <summary>Pieces written after the rules, to see how they do on what they were not written for.</summary>
    public static ImmutableArray<Snippet> Second { get; } =
    [
        new("2 start, term in one", "The initial Subscription Term begins on January 1, 2027 (the \"Start Date\") and continues for twenty-four (24) months thereafter.", "start:agrees term:agrees"),
        new("2 start, upon signature", "This Agreement takes effect on the date of the last signature below.", ""),
        new("2 start, go-live", "The target go-live date is March 1, 2027, subject to acceptance.", ""),
        new("2 start, renewal of another year", "The renewal term begins on January 1, 2029 at the then-current list prices.", ""),
        new("2 start, commencement date is", "The Commencement Date is 15 January 2027.", "start:differs"),
        new("2 start, service period", "Service Period: January 1, 2027 - December 31, 2028", ""),
        new("2 start, table", "Start Date | 2027-01-01\nEnd Date | 2028-12-31", "start:agrees term:agrees"),
        new("2 start, month only", "The Subscription starts in February 2027.", ""),
        new("2 start, American hyphens", "Contract start date: 02-01-2027", ""),
        new("2 term, period of", "This order is entered into for a fixed period of three (3) years from the start date.", "term:differs"),
        new("2 term, committed to", "Customer commits to the Services for a period of 12 months.", ""),
        new("2 term, of insurance", "Supplier shall hold insurance for the Term and for a period of six (6) years thereafter.", ""),
        new("2 term, either party after", "After the first twelve (12) months of the term, either party may terminate for convenience.", ""),
        new("2 term, options", "Customer may choose a term of 12, 24 or 36 months at signature.", ""),
        new("2 term, data kept", "Data is retained for a term of 90 days following the end of the subscription.", ""),
        new("2 term, year in words", "Subscription Term: Two Years", "term:agrees"),
        new("2 term, expires", "Unless terminated earlier, this Agreement expires on December 31, 2028.", ""),
        new("2 total, in words", "The total fees amount to twenty-four thousand US dollars.", ""),
        new("2 total, fee table", "Year 1   USD 12,000.00\nYear 2   USD 12,000.00\nTotal    USD 24,000.00", "total:agrees currency:agrees"),
        new("2 total, discount", "Total list price USD 30,000.00, less discount USD 6,000.00, total net price USD 24,000.00.", "currency:agrees"),
        new("2 total, of the order", "For the avoidance of doubt, the total price of the order is USD 22,000.00 net of all discounts.", "total:differs currency:agrees"),
        new("2 total, penalty", "In case of delay Supplier pays a penalty of 1 % per week, in total not more than USD 5,000.", "currency:agrees"),
        new("2 total, purchased hours", "The total price for additional consulting hours is USD 180.00 per hour.", "currency:agrees"),
        new("2 total, Swiss marks", "Total Contract Value: CHF 24'000.00", "total:differs currency:differs"),
        new("2 total, kept by others", "Customer's total annual revenue exceeds USD 1,000,000.", "currency:agrees"),
        new("2 net, terms N30", "Terms: N30", ""),
        new("2 net, days net", "Payment: 45 days net from date of invoice.", "netDays:differs"),
        new("2 net, following the invoice date", "Each invoice falls due thirty (30) days following the invoice date.", "netDays:agrees"),
        new("2 net, reminder", "If payment is not received within 30 days from the invoice date, a reminder fee of USD 25.00 is payable within 10 days of the invoice date of that fee.", "currency:agrees"),
        new("2 net, early payment", "A discount of 2 % is granted if the invoice is paid within 10 days of the invoice date.", ""),
        new("2 net, of travel", "Travel expenses are invoiced monthly and payable within 14 days of the invoice date.", ""),
        new("2 net, end of month", "Payment is due 30 days end of month.", ""),
        new("2 renewal, evergreen", "Following the Initial Term, the Subscription will automatically renew for additional twelve-month terms.", "autoRenewal:differs"),
        new("2 renewal, no evergreen", "The Subscription expires at the end of the Term and will not be automatically renewed.", "autoRenewal:agrees"),
        new("2 renewal, opt out", "Customer may opt out of automatic renewal in the account settings.", ""),
        new("2 renewal, of another", "The domain name registered for Customer is renewed automatically each year.", ""),
        new("2 renewal, disabled", "Automatic renewal: disabled", "autoRenewal:agrees"),
        new("2 renewal, in no event", "In no event shall this Agreement automatically renew.", "autoRenewal:agrees"),
        new("2 renewal, prevents", "To stop the subscription from renewing automatically, Customer must cancel it in time.", ""),
        new("2 notice, non-renewal", "Notice of non-renewal must be given at least 60 days before the end of the then-current term.", "noticePeriod:agrees"),
        new("2 notice, three months", "Either party may terminate this Agreement by giving three months' prior written notice to the end of the term.", ""),
        new("2 notice, of claims", "Customer shall give notice of any claim within thirty (30) days notice period.", ""),
        new("2 notice, convenience", "Customer may terminate for convenience at any time on thirty (30) days' prior written notice.", "noticePeriod:differs"),
        new("2 currency, sign and name", "Prices are in Canadian dollars ($).", "currency:differs"),
        new("2 currency, both ways", "Fees are invoiced in USD or EUR at Customer's choice.", ""),
        new("2 po, reference", "Please quote purchase order reference 4711 on all invoices.", "poNumber:agrees"),
        new("2 po, date", "Our purchase order 2026-12-01 applies.", ""),
        new("2 po, in text", "Customer has issued PO# 884422 for this order.", "poNumber:differs"),
        new("2 noise", "Ths Agr eement c0mmences 0n 1 Februrary 2027 f0r 12 m0nths, t0tal USD l2,OOO.", ""),
        new("2 story",
            """
            Acme was founded in 1998 and has grown for 24 years. On 1 February 2027 it opens an office in Dublin, for which a lease of
            36 months was signed at a total rent of EUR 90,000. Its staff take 30 days of leave and give 90 days of notice.
            """,
            ""),
    ];

    /// <summary>Pieces written after the second set had shown what was wrong, again before the rules saw them.</summary>
    public static ImmutableArray<Snippet> Third { get; } =
    [
        new("3 msa",
            """
            MASTER SUBSCRIPTION AGREEMENT

            3. Term. The term of this Agreement shall begin on January 1, 2027 and, unless terminated earlier in accordance with Section 9,
            shall remain in effect for two (2) years. This Agreement will not be automatically renewed.
            4. Payment. Customer will pay all undisputed invoices within thirty (30) days from the invoice date. Late payments bear interest at
            1 % per month. Purchase order no. PO-4711 shall be quoted.
            9. Termination. Either party may terminate this Agreement upon thirty (30) days' written notice if the other party materially breaches it.
            """,
            "start:agrees term:agrees autoRenewal:agrees netDays:agrees poNumber:agrees"),
        new("3 quote",
            """
            Quote Q-2027-33, valid until January 31, 2027
            Term (months)  36
            Billing        annual, in advance
            Terms          Net 30
            TOTAL (USD)    36,000.00
            """,
            "term:differs netDays:agrees total:differs currency:agrees"),
        new("3 sow", "This SOW starts on 5 January 2027 and the consulting work ends on 31 March 2027.", ""),
        new("3 amendment", "This Amendment is effective as of April 1, 2027 and amends the Agreement dated January 1, 2027.", ""),
        new("3 options", "Option A: Subscription Term 12 months. Option B: Subscription Term 36 months.", ""),
        new("3 price hold", "Prices are fixed for the initial term of 24 months; thereafter they may rise by 3 % per year.", ""),
        new("3 extension", "The initial term may be extended by 12 months by mutual agreement.", ""),
        new("3 free months", "Customer receives the first three (3) months of the initial term free of charge.", ""),
        new("3 minimum commitment", "Customer's minimum commitment is USD 10,000.00 over the term.", "currency:agrees"),
        new("3 total per product", "Total fees for the Analytics module: USD 8,000.00.", "currency:agrees"),
        new("3 total over years", "Total contract value over 2 years: USD 24,000.00.", "total:agrees currency:agrees"),
        new("3 total with discount", "Total contract value after a 10 % discount: USD 24,000.00", "currency:agrees"),
        new("3 total due now", "Total due on signature: USD 6,000.00", "currency:agrees"),
        new("3 total due today", "Total due: USD 6,000.00", "currency:agrees"),
        new("3 paid in", "Payment is due net thirty (30) days from receipt of a correct invoice.", ""),
        new("3 supplier pays", "Supplier pays its subcontractors within 15 days of the invoice date.", ""),
        new("3 commission", "Partner is paid a commission within 45 days after the date of the invoice to the end customer.", ""),
        new("3 accelerated", "Upon breach all invoices are due immediately upon receipt.", ""),
        new("3 evergreen", "The Agreement renews automatically from year to year.", "autoRenewal:differs"),
        new("3 support renews", "Maintenance is automatically renewed each year unless cancelled.", ""),
        new("3 renewed by order", "Renewal requires a new order form; there shall be no automatic renewal.", "autoRenewal:agrees"),
        new("3 non-renewal", "A party that does not wish to renew shall notify the other party at least 60 days prior to the end of the term.", ""),
        new("3 cancel any time", "Customer may cancel at the end of each month with fourteen (14) days' notice.", "noticePeriod:differs"),
        new("3 payroll notice", "Employees may terminate their employment with three (3) months notice.", ""),
        new("3 dollars", "All prices are in U.S. Dollars and exclude taxes.", "currency:agrees"),
        new("3 billed in euro", "Invoices are issued in EUR.", "currency:differs"),
        new("3 fees of others", "Bank fees are charged in EUR by the bank.", ""),
        new("3 po of supplier", "Supplier's own purchase order 12-778 to its vendor is not part of this Agreement.", ""),
        new("3 Angebot",
            """
            Vertragsbeginn: 01.01.2027
            Laufzeit: 24 Monate
            Zahlungsziel: 30 Tage
            Gesamtpreis netto: 24.000,00 USD
            Der Vertrag verlängert sich nicht automatisch.
            """,
            "start:agrees term:agrees netDays:agrees total:agrees currency:agrees autoRenewal:agrees"),
        new("3 Preisbindung", "Die Preise gelten für eine Laufzeit von 12 Monaten.", ""),
    ];

    /// <summary>The last pieces, written after the rules were tightened on the third set.</summary>
    public static ImmutableArray<Snippet> Fourth { get; } =
    [
        new("4 saas agreement",
            """
            2. TERM AND TERMINATION
            2.1 The initial term of this Agreement is twenty-four (24) months, commencing on January 1, 2027 (the "Initial Term").
            2.2 Thereafter, this Agreement shall automatically renew for successive one-year terms unless either party gives the other at
            least sixty (60) days' prior written notice of non-renewal.
            """,
            "start:agrees term:agrees autoRenewal:differs noticePeriod:agrees"),
        new("4 order",
            """
            Order Form
            Effective Date: December 18, 2026
            Subscription Period: 24 months
            Subscription Start: 2027-01-01
            Invoicing: annually in advance
            Payment: within 30 days of invoice date
            Total Fees (excluding taxes): $24,000.00
            Customer PO: PO-4711
            """,
            "term:agrees start:agrees netDays:agrees total:agrees poNumber:agrees"),
        new("4 order, other terms",
            """
            Subscription Period: 36 months
            Subscription Start: 2027-03-01
            Payment: within 45 days of invoice date
            Total Fees: USD 36,000.00
            """,
            "term:differs start:differs netDays:differs total:differs currency:agrees"),
        new("4 payment clause", "Unless stated otherwise on the invoice, Customer shall pay all amounts within thirty (30) days after the date of the invoice.", ""),
        new("4 payment in euros", "The fees shall be paid in Euros within thirty (30) days of the date of the invoice.", "currency:differs netDays:agrees"),
        new("4 fixed", "This is a fixed-term contract of two years which ends automatically without notice.", "term:agrees"),
        new("4 no tacit renewal", "This Agreement ends at the close of the Initial Term without tacit renewal.", "autoRenewal:agrees"),
        new("4 evergreen clause", "After the Initial Term, the Agreement is extended automatically by twelve months at a time.", "autoRenewal:differs"),
        new("4 thirty days notice", "Upon expiry of the initial term Customer may cancel at any time by giving 30 days written notice.", "noticePeriod:differs"),
        new("4 deposit", "A deposit of EUR 2,000.00 is due upon receipt of the deposit invoice.", ""),
        new("4 training", "Training starts on February 1, 2027 and lasts 3 months.", ""),
        new("4 hosting location", "From January 1, 2028 data is hosted in Frankfurt for at least 12 months.", ""),
        new("4 services commence", "The Services shall commence on January 1, 2027.", "start:agrees"),
        new("4 licence from", "The licence is granted from 1 January 2027 to 31 December 2028.", ""),
        new("4 term table", "Initial Term | 24 months | Renewal Term | 12 months", "term:agrees"),
        new("4 pricing", "Price per seat: USD 1,200.00 per year; 10 seats; annual total: USD 12,000.00.", "currency:agrees"),
        new("4 contract total", "Contract total for two years is USD 24,000.00 excl. VAT.", "total:agrees currency:agrees"),
        new("4 worth", "The deal is worth about $1 million to Acme in total.", ""),
        new("4 Rechnungen", "Die Rechnungen sind innerhalb von 45 Tagen ab Rechnungsdatum zu zahlen. Alle Preise verstehen sich in CHF.", "netDays:differs currency:differs"),
        new("4 Kündigung", "Der Vertrag kann mit einer Frist von 90 Tagen zum Ende der Laufzeit gekündigt werden.", "noticePeriod:differs"),
        new("4 Laufzeitende", "Der Vertrag endet am 31. Dezember 2027.", "term:differs"),
        new("4 minutes", "Minutes of the meeting: start 9:00, end 17:00, 12 participants, next date 1 March 2027.", ""),
        new("4 references", "See Section 4.2 of Schedule 24 and Appendix 12 for months with 30 days.", ""),
        new("4 cap", "The parties cap the total price increase over the term at USD 2,400.00.", "currency:agrees"),
    ];
}
