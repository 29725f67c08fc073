using System.Xml.Linq;
using Hub.Sandbox.Salesforce.Records;

namespace Hub.Sandbox.Salesforce.Outbound;

/// <summary>The SOAP envelope of an outbound message and its acknowledgement.</summary>
public static class Envelope
{
    private static readonly XNamespace Soap = "http://schemas.xmlsoap.org/soap/envelope/";
    private static readonly XNamespace Notifications = "http://soap.sforce.com/2005/09/outbound";
    private static readonly XNamespace Records = "urn:sobject.enterprise.soap.sforce.com";
    private static readonly XNamespace Instance = "http://www.w3.org/2001/XMLSchema-instance";
    private static readonly string[] Sent = ["Name", "StageName", "CloseDate"];

    /// <param name="origin">Address of this server, for the API addresses within.</param>
    public static string Write(IEnumerable<OutboundMessage> messages, string orgId, string origin)
    {
        var id = orgId[..15];
        var body = new XElement(
            Notifications + "notifications",
            new XElement(Notifications + "OrganizationId", orgId),
            new XElement(Notifications + "ActionId", RecordIds.Create("04k", 1)),
            new XElement(Notifications + "SessionId", new XAttribute(Instance + "nil", "true")),
            new XElement(Notifications + "EnterpriseUrl", $"{origin}/services/Soap/c/67.0/{id}"),
            new XElement(Notifications + "PartnerUrl", $"{origin}/services/Soap/u/67.0/{id}"),
            messages.Select(Notification));
        var envelope = new XElement(
            Soap + "Envelope",
            new XAttribute(XNamespace.Xmlns + "soapenv", Soap),
            new XAttribute(XNamespace.Xmlns + "xsi", Instance),
            new XElement(Soap + "Body", body));
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + envelope.ToString(SaveOptions.DisableFormatting);
    }

    /// <summary>Whether an answer acknowledges the message; anything unreadable does not.</summary>
    public static bool Acknowledges(string answer)
    {
        try
        {
            return XDocument.Parse(answer).Descendants(Notifications + "Ack").FirstOrDefault()?.Value.Trim() is "true" or "1";
        }
        catch (System.Xml.XmlException)
        {
            return false;
        }
    }

    private static XElement Notification(OutboundMessage message) => new(
        Notifications + "Notification",
        new XElement(Notifications + "Id", message.Id),
        new XElement(
            Notifications + "sObject",
            new XAttribute(XNamespace.Xmlns + "sf", Records),
            new XAttribute(Instance + "type", "sf:Opportunity"),
            new XElement(Records + "Id", message.Record.Id),
            Sent.Where(field => message.Record[field] is not null).Select(field => new XElement(
                Records + field, FieldValues.Write(message.Record.Type.Find(field)!, message.Record[field])!.ToString()))));
}
