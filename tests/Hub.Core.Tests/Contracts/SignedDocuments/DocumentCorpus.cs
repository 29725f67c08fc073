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

    public static ImmutableArray<Snippet> All { get; } =
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
        new("total, misread", "The total contract value is USD 25,O00.00.", ""),
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
}
