using System.Collections.Immutable;

namespace Hub.Core.Contracts.SignedDocuments;

/// <summary>How contracts in German state their terms.</summary>
internal static class GermanDocuments
{
    private const string Subject = "(vertrag|vereinbarung|abonnement|vertragslaufzeit|laufzeit|vertragsverhältnis)";

    public static DocumentLanguage Language { get; } = new(
        "German",
        Months(),
        Numbers(),
        "hundert",
        new Dictionary<string, int> { ["monat"] = 1, ["monate"] = 1, ["monaten"] = 1, ["jahr"] = 12, ["jahre"] = 12, ["jahren"] = 12 }.ToImmutableDictionary(),
        "(kalendertage?n?|tage?n?)",
        new Dictionary<string, string>
        {
            ["us-dollar"] = "USD", ["schweizer franken"] = "CHF", ["pfund sterling"] = "GBP", ["britische pfund"] = "GBP", ["euro"] = "EUR",
        }.ToImmutableDictionary(),
        '.',
        ["nr", "abs", "art", "bzw", "ca", "ggf", "inkl", "exkl", "zzgl", "z.b", "d.h", "u.a", "str", "vgl", "ziff", "mtl", "tel"],
        NoStatement: @"\b(beispiel\w*|z\. ?b\.|etwa|(bisherige|frühere|vorherige|alte|ursprüngliche)\w* (vertrag\w*|vereinbarung\w*)|ersetzt|muster|entwurf|angebot vom)\b",
        Condition: @"^\W*(wenn|falls|sofern|sollte|soweit|im falle)\b",
        Fallback: @"\b((sofern|soweit|falls) (nicht|nichts) (anders|anderes|abweichend\w*)|vorbehaltlich (anderer|abweichender))",
        Alternative: @"^\s?,?\s?(oder|bzw\.)",
        [Start(), Term(), Total(), NetDays(), AutoRenewal(), NoticePeriod(), Currency(), PoNumber()]);

    private static ImmutableDictionary<string, int> Months()
    {
        string[] names = ["januar", "februar", "märz", "april", "mai", "juni", "juli", "august", "september", "oktober", "november", "dezember"];
        return names.Select((name, index) => KeyValuePair.Create(name, index + 1)).Append(new("jänner", 1)).Append(new("maerz", 3)).ToImmutableDictionary();
    }

    private static ImmutableDictionary<string, int> Numbers() => new Dictionary<string, int>
    {
        ["ein"] = 1, ["einem"] = 1, ["einen"] = 1, ["eins"] = 1, ["zwei"] = 2, ["drei"] = 3, ["vier"] = 4, ["fünf"] = 5, ["sechs"] = 6,
        ["sieben"] = 7, ["acht"] = 8, ["neun"] = 9, ["zehn"] = 10, ["elf"] = 11, ["zwölf"] = 12, ["vierzehn"] = 14, ["fünfzehn"] = 15,
        ["achtzehn"] = 18, ["zwanzig"] = 20, ["vierundzwanzig"] = 24, ["dreißig"] = 30, ["dreissig"] = 30, ["sechsunddreißig"] = 36,
        ["sechsunddreissig"] = 36, ["fünfundvierzig"] = 45, ["achtundvierzig"] = 48, ["sechzig"] = 60, ["neunzig"] = 90, ["hundert"] = 100,
    }.ToImmutableDictionary();

    private static TermPatterns Start() => new(DocumentTerm.Start, ["beginn", "ab", "start"],
        [
            @"\b(vertragsbeginn|laufzeitbeginn|vertragsstart|beginn (des vertrags|des vertrages|der vereinbarung|der laufzeit|der vertragslaufzeit))( ist)?( der)?\s?[:=|–-]?\s?(am |ab |zum )?{date}",
            @"\b" + Subject + @"( \([^)]{0,60}\))? (beginnt|startet)( am| ab| zum| mit dem)? {date}",
            @"\b" + Subject + @"\b[^.;]{0,40}? vom {date} bis",
        ])
    {
        NotInSentence = @"\b(probe|test|pilot)\w*",
        NotNear = @"\b(nicht|kein\w*|nachtrag\w*|verlängerung\w*|phase|probe\w*|test\w*|pilot\w*|schulung\w*|gewährleistung\w*|zahlung\w*|rechnung\w*|zweite\w*|dritte\w*|zusatz\w*|option\w*|wartung\w*)\b",
    };

    private static TermPatterns Term() => new(DocumentTerm.Term, ["laufzeit", "dauer", "endet", "bis", "vertragsende"],
        [
            @"\b(vertragslaufzeit|laufzeit|vertragsdauer|erstlaufzeit)( (des vertrags|des vertrages|der vereinbarung))?( \([^)]{0,60}\))?( beträgt| ist)?( fest)?\s?[:=|–-]?\s?{count} {months}",
            @"\b(vertrag|vereinbarung|abonnement)\b[^.;]{0,60}? (für die dauer von|für|mit einer laufzeit von) {count} {months}( geschlossen| abgeschlossen| fest)?",
            @"\bvertragsende( ist)?( der)?\s?[:=|–-]?\s?(am |zum )?{lastDay}",
            @"\b" + Subject + @" endet( automatisch)? (am|mit ablauf des) {lastDay}",
            @"\b" + Subject + @"\b[^.;]{0,40}? vom [^;]{6,20}? bis( zum| einschließlich)? {lastDay}",
        ])
    {
        NotInSentence = @"\b(probe|test|pilot)\w*",
        NotNear = @"\b(verlänger\w*|weitere\w*|jeweils|kündig\w*|frist|gewährleistung\w*|vertraulich\w*|geheimhaltung\w*|probe\w*|test\w*|nicht|mindest\w*|höchst\w*|maximal|zahlung\w*|rest\w*|phase)\b",
    };

    private static TermPatterns Total() => new(DocumentTerm.Total, ["gesamt", "auftragswert", "vertragswert"],
        [
            @"\b(gesamtpreis|gesamtbetrag|gesamtsumme|gesamtvergütung|gesamtwert|gesamtauftragswert|auftragswert|vertragswert)\b[^;]{0,60}?{money}",
        ])
    {
        NotNear = @"\b(pro|je|monatlich\w*|jährlich\w*|brutto\w*|inkl(usive|\.)?|einschließlich|haftung\w*|höchstens|maximal|bis zu|rate|ca|etwa|rund|nicht|rabatt\w*|zwischen\w*)\b",
        NotAfter = @"^[^.;]{0,6}\b(pro|je|monatlich|jährlich|brutto|inkl\w*|einschl\w*)\b|^\s?/",
    };

    private static TermPatterns NetDays() => new(DocumentTerm.NetDays, ["tag", "netto"],
        [
            @"\b(zahlbar|fällig|zu zahlen|zu begleichen|zahlung\w*|rechnung\w*)\b[^.;]{0,60}?\b(innerhalb von|innerhalb|binnen|innert) {count} (?<doubt>werk|arbeits|bank)?{days} (nach|ab) (?<doubt>erhalt|zugang|eingang|lieferung)?[^.;]{0,12}?(rechnungsdatum|rechnungsstellung|datum der rechnung|(?<doubt>rechnungserhalt|rechnungseingang|erhalt|zugang|lieferung))",
            @"\b(zahlungsziel|zahlungsfrist|zahlungsbedingungen?)( beträgt| ist)?\s?[:=|–-]?\s?{count} (?<doubt>werk|arbeits|bank)?{days}",
            @"\b(zahlbar|zahlung)\b[^.;]{0,30}? {count} {days} (rein )?netto\b",
        ])
    {
        NotNear = @"\b(verzug\w*|nicht|verspät\w*|zinsen|skonto|mahnung\w*|gutschrift\w*|erstatt\w*|widerspr\w*)\b",
    };

    private static TermPatterns AutoRenewal() => new(DocumentTerm.AutoRenewal, ["verlänger"],
        [
            @"\bverlängert sich\b[^.;]{0,60}?\b(automatisch|stillschweigend)\b( (?<doubt>nur|wenn))?",
            @"\b(automatisch|stillschweigend) (um [^.;]{0,40}? )?verlängert\b",
            @"\bautomatische (vertrags)?verlängerung\s?[:=|]\s?ja\b",
        ])
    {
        Denials =
        [
            @"\bverlängert sich (?<doubt>auch )?nicht (automatisch|stillschweigend)\b",
            @"\b(keine|ohne) (automatische|stillschweigende) (vertrags)?verlängerung\b",
            @"\bautomatische (vertrags)?verlängerung\s?[:=|]\s?nein\b",
        ],
        DenialOpenAfter = @"^[^.;]{0,80}\b(außer|es sei denn|sofern|wenn|falls)\b",
        NotNear = @"\b(rabatt\w*|preis\w*|probe\w*|test\w*|option\w*|versicherung\w*|domain\w*|wartung\w*)\b",
        OpenNear = @"\b(nicht|kein\w*|ohne|kann|können|darf|wenn|falls|weder)\b",
    };

    private static TermPatterns NoticePeriod() => new(DocumentTerm.NoticePeriod, ["kündig", "frist"],
        [
            @"\bkündigungsfrist( beträgt| ist| von)?\s?[:=|–-]?\s?{count} (?<days>{days}|monate?n?)",
            @"\bmit einer frist von( mindestens)? {count} (?<days>{days}|monate?n?)\b[^.;]{0,60}?\b(kündig\w*|gekündigt|ende)",
            @"\bkündig\w*[^.;]{0,60}? mit einer frist von( mindestens)? {count} (?<days>{days}|monate?n?)",
        ])
    {
        NotInSentence = @"\b(wichtig\w* grund|außerordentlich\w*|verzug\w*|preis\w*|mahnung\w*|verletzung\w*|insolvenz\w*)\b",
    };

    private static TermPatterns Currency() => new(DocumentTerm.Currency, [],
        [
            @"\b(währung|preise|beträge|rechnungen|zahlungen|vergütung)\b[^.;]{0,40}?(\b(ist|sind|in|erfolgen)\b|:)( in)? ?{currency}",
        ])
    {
        NotAfter = @"^\s?\(?\d|^\s?,?\s?(oder|und|bzw\.|/)\s?(in )?{currency}",
        NotNear = @"\b(versicherung\w*|haftung\w*|umgerechnet|wechselkurs\w*|nicht|gegenwert)\b",
    };

    private static TermPatterns PoNumber() => new(DocumentTerm.PoNumber, ["bestell"],
        [
            @"\b(bestellnummer|bestell-nr\.?|bestellnr\.?|ihre bestellung)( lautet| ist)?( nr\.?)?\s?[:#=]?\s?{po}",
        ])
    {
        NotNear = @"\b(beispiel\w*|muster|nicht|alte|bisherige)\b",
    };
}
