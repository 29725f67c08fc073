using System.Text;
using System.Xml.Linq;
using Hub.Core.Contracts;
using Hub.Salesforce;

namespace Hub.Adapters.Tests.Salesforce;

public sealed class OutboundMessageTests
{
    private static readonly SalesforceId Org = SalesforceId.Parse(FakeOrg.OrgId);

    [Fact]
    public void Notifications_name_type_and_record()
    {
        OutboundMessageOutcome outcome = Parse(Message(Entry("sf:Opportunity", Ids.Opportunity(1)) + Entry("sf:Account", Ids.Of("001", 7)[..15])));

        Assert.Equal(
            [new("Opportunity", SalesforceId.Parse(Ids.Opportunity(1))), new("Account", SalesforceId.Parse(Ids.Of("001", 7)))],
            Assert.IsType<OutboundMessageOutcome.Accepted>(outcome).Notifications.AsEnumerable());
    }

    [Fact]
    public void Org_id_of_fifteen_characters_is_the_same_org() =>
        Assert.IsType<OutboundMessageOutcome.Accepted>(Parse(Message(Entry("sf:Opportunity", Ids.Opportunity(1)), FakeOrg.OrgId[..15])));

    [Fact]
    public void Notification_whose_record_is_gone_is_left_out() => Assert.Empty(
        Assert.IsType<OutboundMessageOutcome.Accepted>(Parse(Message("<Notification><Id>04l000000000001</Id></Notification>"))).Notifications);

    [Theory]
    [InlineData("00D000000000002")]
    [InlineData("not an org")]
    [InlineData(null)]
    public void Message_for_another_org_is_refused(string? org) => Assert.Equal(
        OutboundMessageRefusal.WrongOrganization, Refusal(Parse(Message(Entry("sf:Opportunity", Ids.Opportunity(1)), org))));

    [Fact]
    public void Second_org_id_does_not_slip_past_the_first() => Assert.Equal(
        OutboundMessageRefusal.WrongOrganization,
        Refusal(Parse(Message($"<OrganizationId>00D000000000002</OrganizationId>{Entry("sf:Opportunity", Ids.Opportunity(1))}"))));

    [Fact]
    public void Hundred_notifications_are_read_and_one_more_is_too_many()
    {
        string hundred = string.Concat(Enumerable.Range(1, 100).Select(number => Entry("sf:Opportunity", Ids.Opportunity(number))));

        Assert.Equal(100, Assert.IsType<OutboundMessageOutcome.Accepted>(Parse(Message(hundred))).Notifications.Length);
        Assert.Equal(OutboundMessageRefusal.Malformed, Refusal(Parse(Message(hundred + Entry("sf:Opportunity", Ids.Opportunity(101))))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("<a>")]
    [InlineData("<!DOCTYPE x [<!ENTITY a \"aaaa\">]><x>&a;</x>")]
    [InlineData("<!DOCTYPE x SYSTEM \"http://127.0.0.1/x.dtd\"><x/>")]
    [InlineData("<x/>")]
    public void Hostile_or_foreign_xml_is_malformed(string body) => Assert.Equal(OutboundMessageRefusal.Malformed, Refusal(Parse(body)));

    [Fact]
    public void Nesting_beyond_thirty_two_is_malformed_and_does_not_overflow_the_stack()
    {
        string deep = string.Concat(Enumerable.Repeat("<a>", 50_000)) + string.Concat(Enumerable.Repeat("</a>", 50_000));

        Assert.Equal(OutboundMessageRefusal.Malformed, Refusal(Parse(deep)));
    }

    [Theory]
    [InlineData("sf:Opportunity", "006000000000001AAX")]
    [InlineData("", "006000000000001")]
    public void Notification_with_a_wrong_id_or_without_a_type_is_malformed(string type, string id) =>
        Assert.Equal(OutboundMessageRefusal.Malformed, Refusal(Parse(Message(Entry(type, id)))));

    [Fact]
    public void Acknowledgement_is_the_soap_answer_that_says_true()
    {
        XElement ack = XDocument.Parse(OutboundMessage.Acknowledgement).Descendants().Single(element => element.Name.LocalName == "Ack");

        Assert.Equal("true", ack.Value);
        Assert.Equal("http://soap.sforce.com/2005/09/outbound", ack.Name.NamespaceName);
    }

    private static OutboundMessageOutcome Parse(string body) => OutboundMessage.Parse(Encoding.UTF8.GetBytes(body), Org);

    private static OutboundMessageRefusal Refusal(OutboundMessageOutcome outcome) => Assert.IsType<OutboundMessageOutcome.Refused>(outcome).Refusal;

    private static string Entry(string type, string id) =>
        $"""<Notification><Id>04l000000000001</Id><sObject xsi:type="{type}" xmlns:sf="urn:sobject.enterprise.soap.sforce.com"><sf:Id>{id}</sf:Id></sObject></Notification>""";

    private static string Message(string entries, string? org = FakeOrg.OrgId) =>
        $"""
        <?xml version="1.0" encoding="UTF-8"?>
        <soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
          <soapenv:Body>
            <notifications xmlns="http://soap.sforce.com/2005/09/outbound">
              {(org is null ? "" : $"<OrganizationId>{org}</OrganizationId>")}
              <ActionId>04k000000000001</ActionId>
              <SessionId xsi:nil="true"/>
              {entries}
            </notifications>
          </soapenv:Body>
        </soapenv:Envelope>
        """;
}
