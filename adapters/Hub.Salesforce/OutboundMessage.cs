using System.Collections.Immutable;
using System.Xml;
using System.Xml.Linq;
using Hub.Core.Contracts;

namespace Hub.Salesforce;

/// <summary>Reads the SOAP body of an outbound message. Source: Salesforce SOAP API guide, outbound messaging.</summary>
public static class OutboundMessage
{
    /// <summary>What Salesforce expects back once every notification is safe.</summary>
    public const string Acknowledgement =
        """<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body><notificationsResponse xmlns="http://soap.sforce.com/2005/09/outbound"><Ack>true</Ack></notificationsResponse></soapenv:Body></soapenv:Envelope>""";

    private const int DeepestElement = 32;
    private const int MostNotifications = 100;
    private static readonly XNamespace Soap = "http://schemas.xmlsoap.org/soap/envelope/";
    private static readonly XNamespace Outbound = "http://soap.sforce.com/2005/09/outbound";
    private static readonly XNamespace Record = "urn:sobject.enterprise.soap.sforce.com";
    private static readonly XName TypeAttribute = XName.Get("type", "http://www.w3.org/2001/XMLSchema-instance");

    /// <summary>Reads the message and checks that it is for <paramref name="expectedOrg"/>; never throws for what a sender wrote.</summary>
    public static OutboundMessageOutcome Parse(byte[] body, SalesforceId expectedOrg)
    {
        try
        {
            return TooDeep(body)
                ? Malformed($"Elements are nested more than {DeepestElement} deep.")
                : Read(XDocument.Load(Reader(body)), expectedOrg);
        }
        catch (XmlException)
        {
            return Malformed("The body is no XML without a DTD.");
        }
    }

    private static OutboundMessageOutcome Read(XDocument document, SalesforceId expectedOrg)
    {
        XElement[] all = [.. document.Elements(Soap + "Envelope").Elements(Soap + "Body").Elements(Outbound + "notifications")];
        if (all is not [XElement notifications])
        {
            return Malformed("The body holds no notifications.");
        }

        string[] orgs = [.. notifications.Elements(Outbound + "OrganizationId").Select(element => element.Value)];
        if (orgs is not [var org] || !SalesforceId.TryParse(org, out SalesforceId sender) || sender != expectedOrg)
        {
            return Refuse(OutboundMessageRefusal.WrongOrganization, "The message was not sent for this org.");
        }

        XElement[] entries = [.. notifications.Elements(Outbound + "Notification")];
        return entries.Length is 0 or > MostNotifications
            ? Malformed($"The message has {entries.Length} notifications; 1 to {MostNotifications} are possible.")
            : Entries(entries);
    }

    private static OutboundMessageOutcome Entries(XElement[] entries)
    {
        var notifications = ImmutableArray.CreateBuilder<OutboundNotification>(entries.Length);
        foreach (XElement record in entries.Elements(Outbound + "sObject"))
        {
            if (record.Element(Record + "Id")?.Value is not { } id)
            {
                continue;
            }

            string @object = record.Attribute(TypeAttribute)?.Value.Split(':')[^1] ?? "";
            if (@object.Length == 0 || !SalesforceId.TryParse(id, out SalesforceId recordId))
            {
                return Malformed("A notification names no record type or no valid record id.");
            }

            notifications.Add(new(@object, recordId));
        }

        return new OutboundMessageOutcome.Accepted(notifications.ToImmutable());
    }

    private static bool TooDeep(byte[] bytes)
    {
        using XmlReader reader = Reader(bytes);
        while (reader.Read())
        {
            if (reader.Depth > DeepestElement)
            {
                return true;
            }
        }

        return false;
    }

    /// <remarks>XDocument.Parse and XmlDocument.LoadXml would accept a DTD with its entities by default.</remarks>
    private static XmlReader Reader(byte[] bytes) => XmlReader.Create(new MemoryStream(bytes, writable: false), new XmlReaderSettings
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        CloseInput = true,
    });

    private static OutboundMessageOutcome.Refused Malformed(string reason) => Refuse(OutboundMessageRefusal.Malformed, reason);

    private static OutboundMessageOutcome.Refused Refuse(OutboundMessageRefusal refusal, string reason) => new(refusal, reason);
}
