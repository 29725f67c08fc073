using System.Collections.Immutable;

namespace Hub.Core.Contracts.SignedDocuments;

/// <summary>How contracts in English state their terms.</summary>
internal static class EnglishDocuments
{
    private const string Subject = "(agreement|contract|order form|order|subscription|(initial |subscription |contract |service )?term)";

    // What may stand between a total and its amount without making it the total of something smaller.
    private const string Whole =
        @"( (payable|due))?( (for|under|of|over|during) (the |this )?((whole|entire|full|initial|subscription|contract) )*(agreement|order form|order|contract|subscription|term|\d{1,2} (years?|months?)))?( \([^)]{0,40}\))?( (is|are|of|be|shall be|will be|amounts? to|equals?|comes to|in the amount of))*\s?[:=|–-]?\s?";

    // What may stand between fees and their currency.
    private const string Payable =
        @"( (due|payable|stated|quoted|hereunder|under|this|the|agreement|order|form|is|are|shall|will|be|denominated|made|expressed|paid|billed|shown|listed|charged|invoiced|issued|and|in))*\s?:?\s?(in )?";

    public static DocumentLanguage Language { get; } = new(
        "English",
        Months(),
        Numbers(),
        "hundred",
        new Dictionary<string, int> { ["month"] = 1, ["months"] = 1, ["month's"] = 1, ["months'"] = 1, ["year"] = 12, ["years"] = 12, ["year's"] = 12, ["years'"] = 12 }.ToImmutableDictionary(),
        "(calendar )?days?'?",
        new Dictionary<string, string>
        {
            ["us dollars"] = "USD", ["us dollar"] = "USD", ["u.s. dollars"] = "USD", ["u.s. dollar"] = "USD", ["united states dollars"] = "USD",
            ["canadian dollars"] = "CAD", ["australian dollars"] = "AUD", ["new zealand dollars"] = "NZD", ["singapore dollars"] = "SGD",
            ["euros"] = "EUR", ["euro"] = "EUR", ["pounds sterling"] = "GBP", ["british pounds"] = "GBP", ["swiss francs"] = "CHF",
            ["japanese yen"] = "JPY", ["swedish kronor"] = "SEK", ["norwegian kroner"] = "NOK", ["danish kroner"] = "DKK", ["kuwaiti dinars"] = "KWD",
        }.ToImmutableDictionary(),
        ',',
        ["no", "nos", "excl", "incl", "inc", "ltd", "corp", "co", "llc", "e.g", "i.e", "sec", "art", "approx", "vs", "mr", "ms", "dr", "st", "para", "cl", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec"],
        NoStatement: @"\b(for example|for instance|e\.g\.|by way of|illustrat\w*|hypothetical\w*|(prior|previous|earlier|former|original|expired|superseded|other|another|separate) (agreement|contract|order|order form|subscription|term)|previously|formerly|superseded|supersedes|replaces|would (have )?(be|been)|assum(e|es|ed|ing)|sample|template|quotation dated|proposal)\b",
        Condition: @"^\W*(\(?\w{1,4}[.)]\s)?(if|where|should|in case|in the event|provided|assuming|when|once|upon)\b",
        Fallback: @"\b((unless|except as|except where|save as|where not) (otherwise |expressly )*(agreed|stated|specified|set out|set forth|provided|indicated)|unless (the|an|a|any|otherwise in (the|an)) (applicable )?(order|sow|statement of work)|as (set out|set forth|stated|specified) in the)",
        Alternative: @"^\s?,?\s?(or|and/or)\b",
        [Start(), Term(), Total(), NetDays(), AutoRenewal(), NoticePeriod(), Currency(), PoNumber()]);

    private static ImmutableDictionary<string, int> Months()
    {
        string[] names = ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];
        return names.SelectMany((name, index) => (KeyValuePair<string, int>[])[new(name, index + 1), new(name[..3], index + 1)])
            .Append(new("sept", 9)).DistinctBy(pair => pair.Key).ToImmutableDictionary();
    }

    private static ImmutableDictionary<string, int> Numbers()
    {
        string[] small =
        [
            "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen",
            "sixteen", "seventeen", "eighteen", "nineteen",
        ];
        string[] tens = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
        return small.Select((word, index) => KeyValuePair.Create(word, index + 1))
            .Concat(tens.Select((word, index) => KeyValuePair.Create(word, (index + 2) * 10)))
            .Append(new("fourty", 40)).Append(new("hundred", 100)).ToImmutableDictionary();
    }

    private static TermPatterns Start() => new(DocumentTerm.Start, ["start", "commenc", "begin", "effective", "from"],
        [
            @"\b(contract |subscription |service |agreement |order |term |initial term )?(start|commencement) date\b( of (the |this )?" + Subject + @")?( is| shall be| will be| means)?\s?[:=|–-]?\s?(the )?{date}",
            @"\b" + Subject + @"( \([^)]{0,60}\))?( of this agreement)?( shall| will)? (starts?|begins?|commences?|is effective|takes effect|be effective|become effective)( on| from| as of| as from| with effect from)?( and including)?( the)? {date}",
            @"\bthe (subscription )?services( \([^)]{0,60}\))?( shall| will)? (start|begin|commence)( on| from)? {date}",
            @"\beffective (as of|as from|from|on)( and including)? {date}[^.;]{0,40}? (and|which) (shall |will )?(continues?|remains?|runs?)\b",
            @"\b(agreement|contract|subscription|term|period)\b[^.;]{0,40}? from( and including)? {date} (to|until|till|through|–|-)",
            @"^\W*(start|commencement|contract start|subscription start|term start)\s?[:=|]\s?{date}",
        ])
    {
        NotInSentence = @"\b(trial|pilot|proof of concept|evaluation)\b",
        NotNear = @"\b(not|never|neither|nor|no|amendment|renewal|renewed|phase|ramp|trial|pilot|implementation|training|kick-?off|onboarding|warranty|support|second|third|additional|optional|invoice|invoicing|billing|payments?|insurance|site|module|fiscal|financial|audit|hosting|lease)\b",
    };

    private static TermPatterns Term() => new(DocumentTerm.Term, ["term", "month", "year", "period", "until", "through", "end"],
        [
            @"\b((the |this |its |whose |a |an )?((initial|subscription|contract|agreement|fixed|committed|service|order|licen[cs]e) )+(term|period)|(the|this|its|whose) term)\b( of (the|this) (agreement|contract|order|order form|subscription))?( \([^)]{0,60}\))?( shall be| will be| is| runs| lasts| of| means| equals)?( for| of)?\s?[:=|–-]?\s?(a (fixed )?(period|term|total) of )?{count}[ -]?{months}",
            @"^\W*((initial|subscription|contract|fixed|committed|order|service) )*(term|duration)( length)?\s?[:=|–-]?\s?{count}[ -]?{months}",
            @"\b(agreement|contract|order|order form|subscription|term)\b[^.;]{0,90}?\b(continues?|remains?|runs?|lasts?|valid|in (full )?(force|effect)|(begins?|starts?|commences?) on [^.;]{0,30}?)( and)?( shall| will)?( continues?| remains?| runs?)?( in (full )?(force|effect))?( and effect)?( for| for the duration of)( an?| the)?( initial| fixed| committed)?( period| term)?( of)? {count}[ -]?{months}",
            @"\b{count}[ -]{months}( initial| fixed| committed| subscription| contract)+ term\b",
            @"\b(initial|contract|subscription|fixed|agreement)\b[^.;]{0,40}? from( and including)? [^.;]{6,20}? (through|to and including|until and including)( and including)? {lastDay}",
            @"\b(agreement|contract|subscription|term|period)\b[^.;]{0,40}? from( and including)? [^.;]{6,20}? (?<doubt>to|until|till|–|-) {lastDay}",
            @"^\W*end date\s?[:=|–-]?\s?{lastDay}",
            @"\b(contract|subscription|agreement|term|service|initial term) end date\b( is| shall be| will be| means)?\s?[:=|–-]?\s?{lastDay}",
            @"\b(agreement|contract|subscription|initial term)( shall| will)? (ends?|expires?)( automatically)? (on|at the end of) {lastDay}",
        ])
    {
        NotInSentence = @"\b(trial|pilot|proof of concept|evaluation|lease)\b",
        NotNear = @"\b(renew\w*|exten\w*|success\w*|additional|further|terminat\w*|notice|warrant\w*|confidential\w*|surviv\w*|non-?solicit\w*|non-?compet\w*|trial|pilot|prices?|pricing|phase|ramp|remaining|unexpired|not|never|support|lease|retention|minimum|maximum|up to|at least|less than|more than|first|second|third|last|backup|escrow|discount)\b",
    };

    private static TermPatterns Total() => new(DocumentTerm.Total, ["total", "tcv", "contract value", "order value", "aggregate"],
        [
            @"\b(total|aggregate) ((contract|order|subscription|net|committed|agreement|licen[cs]e|agreed) )*(value|fees?|price|amount|charges?|sum|consideration|cost)" + Whole + "{money}",
            @"\b(tcv|grand total|contract (value|total)|order total|order value)" + Whole + "{money}",
            @"^\W*total( net)?( \((excl\w*\.?|excluding|before|net of) [^)]{0,20}\))?\s?[:=|–-]?\s?{money}",
        ])
    {
        NotNear = @"\b(per (month|quarter|year|annum|user|seat|unit|instal\w*)|monthly|annual|annually|yearly|quarterly|(first|second|third|fourth|each|every|any|final|last) (contract )?(year|month|quarter|instal\w*|payment|invoice)|year [1-9]|incl(uding|usive|\.)?[^.;]{0,20} (tax|taxes|vat|gst)|gross|total (tax|vat|gst)|(tax|vat|gst) total|liab\w*|exceeds?|exceeding|cap|capped|maximum|minimum|up to|at least|less than|more than|greater than|over|instal\w*|sub-?total|sub|insur\w*|estimated?|approximate\w*|about|expenses?|damages|refund\w*|credits?|discount\w*|savings?|penalt\w*|not|never|budget|list price|value of the (company|assets))\b",
        NotAfter = @"^[^.;]{0,6}\b(per|each|a (month|quarter|year)|monthly|annually|yearly|quarterly|incl(uding|usive|\.)|gross|or (more|less))\b|^\s?/",
    };

    private static TermPatterns NetDays() => new(DocumentTerm.NetDays, ["net", "days", "receipt"],
        [
            @"\b(pay(ment|able|s|ing)?|invoices?|invoiced|due|terms)\b[^.;]{0,60}?\bnet[ -]?{count}\b( (?<doubt>business |working )?{days})?",
            @"\bnet[ -]?{count}\b( (?<doubt>business |working )?{days})?[^.;]{0,30}?\b(invoice|payment|due)\b",
            @"\b(pay|payable|paid|payment|due|settle|settled)\b[^.;]{0,60}?\b(within|no later than|not later than|in) {count} (?<doubt>business |working )?{days} (of|from|after|following) (?<doubt>(the )?(date of )?(the |its |customer's )?receipt of )?(the |each |an |any |such |its |customer's |supplier's )?(date of )?(the |each |an |any |such )?(undisputed |correct |valid )?(date of (the |each )?)?(invoice|invoice date|invoicing|(?<doubt>receipt|delivery|due date))",
            @"\b(due|payable)( and payable)? {count} (?<doubt>business |working )?{days} (of|from|after|following) (?<doubt>receipt of )?(the )?(date of )?(the |each )?(invoice|(?<doubt>receipt|delivery))",
            @"\b(pay(ment|able)?|due|invoices?)\b[^.;]{0,40}?{count} (?<doubt>business |working )?{days} net\b",
            @"\bpayment terms?\s?[:=|–-]?\s?(are |is )?(?<doubt>business |working )?{count} (?<doubt>business |working )?{days}",
            @"\b(due|payable|payment terms?)( and payable)?\s?[:=|–-]?\s?(immediately )?(?<zero>(up)?on receipt)\b",
        ])
    {
        OpenAfter = @"^[^.;]{0,20}\b(receipt|delivery|acceptance|end of|eom)\b",
        NotNear = @"\b((supplier|vendor|provider) (shall |will )?pays?|pays its|not (been |yet )?(paid|received|made|settled)|unpaid|fail\w*|overdue|past due|late|if|where|when|discounts?|rebates?|granted|travel|interest|disput\w*|refund\w*|reimburs\w*|expenses?|cure|remed\w*|suspen\w*|terminat\w*|credit note|deposit|commission|royalt\w*|partner|reseller|subcontractor)\b",
    };

    private static TermPatterns AutoRenewal() => new(DocumentTerm.AutoRenewal, ["renew", "extend"],
        [
            @"\b(auto-?matically|tacitly) (be )?(renews?|renewed|extends?|extended|renewing)\b( (?<doubt>only|solely|if|provided))?",
            @"\b(renews?|renewed|extends?|extended)( itself)? (auto-?matically|tacitly)\b( (?<doubt>only|solely|if|provided))?",
            @"\bauto(matic)?[ -]?renewal?\s?[:=|]\s?(yes|on|enabled|true)\b",
        ])
    {
        Denials =
        [
            @"\b(shall not|will not|does not|do not|is not|won't|doesn't|not) (be )?((auto-?matically|tacitly) (be )?(renew|renewed|extend|extended)|(be )?(renew|renewed|extend|extended) (auto-?matically|tacitly))\b",
            @"\bin no event (shall|will) [^.;]{0,50}?((auto-?matically|tacitly) (be )?(renew|renewed|extend|extended)|(renew|renewed|extend|extended) (auto-?matically|tacitly))\b",
            @"\b(no|without( any)?) (auto-?matic|tacit) (renewal|extension)\b",
            @"\bauto(matic)?[ -]?renewal?\s?[:=|]\s?(no|off|none|disabled|false|n/a)\b",
        ],
        DenialOpenAfter = @"^[^.;]{0,80}\b(unless|except|only|merely|until|if|save|without)\b",
        NotNear = @"\b(discounts?|prices?|pricing|promotion\w*|credits?|trial|pilot|domain|certificates?|insurance|polic(y|ies)|option\w*|add-?ons?|support|maintenance|warranty|lease|letter of credit)\b",
        OpenNear = @"\b(not|never|no|neither|nor|without|cannot|can't|may|might|can|option|elect|right to|opt|if|where|unless|prevent\w*|fail\w*|whether)\b",
    };

    private static TermPatterns NoticePeriod() => new(DocumentTerm.NoticePeriod, ["notice", "notif"],
        [
            @"\b{count} (?<doubt>business |working )?(?<days>{days}|months?'?|years?'?) ((prior|advance|previous|written) )*notice\b",
            @"\bnotice( period)?( of( non-?renewal| termination)?)? (of|is|:) (at least |not less than |no less than |minimum )*{count} (?<doubt>business |working )?(?<days>{days}|months?'?)",
            @"\b(written )?notice[^.;]{0,60}? (at least|no later than|not later than|no fewer than|not less than|no less than|a minimum of) {count} (?<doubt>business |working )?(?<days>{days}|months?'?) (prior to|before) (the )?(end|expiry|expiration|renewal|date of renewal|then)",
            @"\bnotice period\s?[:=|–-]\s?{count} (?<doubt>business |working )?(?<days>{days}|months?'?)",
        ])
    {
        InSentence = @"\b(renew\w*|non-?renewal|terminat\w*|cancel\w*|expir\w*|end of (the|each|its|any)|notice period\s?[:=|–-])",
        NotInSentence = @"\b(breach\w*|claims?|incidents?|defects?|loss|dispute\w*|for cause|cure|cured|remed\w*|insolv\w*|default\w*|audit\w*|prices?|pricing|fees? (increase|change)\w*|increas\w*|modif\w*|maintenance|suspen\w*|deliver\w*|assign\w*|insurance|change of control|force majeure|not required|no notice|without notice|subprocessor\w*|inspect\w*|site visit)\b",
    };

    private static TermPatterns Currency() => new(DocumentTerm.Currency, [],
        [
            @"(^\W*(([\d.]+|\([a-z0-9]+\)) )?|\b(all|the|these|such|subscription|service|licen[cs]e) )(currency|fees?|amounts?|prices?|invoices?|payments?|charges)( \([^)]{0,40}\))?" + Payable + "{currency}",
        ])
    {
        NotNear = @"\b(insur\w*|liab\w*|indemn\w*|cap|limit\w*|exchange|convert\w*|conversion|not|never|local currency|equivalent|travel|expenses?)\b",
        NotAfter = @"^\s?\(?\d|^\s?,?\s?(or|and|and/or|/)\s?(in )?{currency}|^[^.;]{0,40}\b(equivalent|or (the )?(local|equivalent))\b",
    };

    private static TermPatterns PoNumber() => new(DocumentTerm.PoNumber, ["p.o", "po", "purchase order"],
        [
            @"\b(po|p\.o\.|purchase order)( |-)?(number|no\.|no|num\.|nr\.|reference|ref\.|ref|id)?( is| shall be)?\s?[:#=|]\s?{po}",
            @"\b(po|p\.o\.|purchase order)( |-)?(number|no\.|no|num\.|nr\.|reference|ref\.|ref|id)( is| shall be)?\s?{po}",
        ])
    {
        NotNear = @"\b(own|supplier's|example|sample|not|never|any|vendor's|superseded|cancell?ed|previous|prior|old|replaces)\b",
    };
}
