namespace Hub.EndToEnd.Tests.OtherWire;

/// <summary>What the other org has sold: one deal that can be billed, one that cannot, one that is still open.</summary>
internal static class OtherBooks
{
    public const string Billed = "006Qw000003PmXzIAK";
    public const string BilledAccount = "001Qw000002BvCdIAK";
    public const string Refused = "006Qw000003PmYaIAK";
    public const string RefusedAccount = "001Qw000002BvDeIAK";
    public const string Open = "006Qw000003PmZbIAK";
    public const string SeatProduct = "Pq.seat~1";
    public const string SetupProduct = "Pq.setup~2";

    /// <remarks>
    /// Deal of two years from 1 March 2026, billed each quarter in advance: 10 seats at 30.00 a month less 10 % in the first year, 15 at 28.50 in
    /// the second, and 1,500.00 once. Numbers stand in every form JSON allows.
    /// </remarks>
    public static void Fill(OtherSalesforce org)
    {
        org.Add("Account", $$"""{"Id":"{{BilledAccount}}","Name":"Quillmark Lda","BillingCountry":"Portugal","BillingCity":"Évora","Hub_Stripe_Customer_Id__c":null,"SystemModstamp":"2026-02-27T16:00:00.000+0000","IsDeleted":false}""");
        org.Add("Account", $$"""{"Id":"{{RefusedAccount}}","Name":"Vellum & Co","Hub_Stripe_Customer_Id__c":null,"SystemModstamp":"2026-02-27T16:00:00.000+0000","IsDeleted":false}""");
        org.Add("Contact", """{"Id":"003Qw000005CtAaIAK","Name":"Inês Prado","Email":"accounts@quillmark.example","SystemModstamp":"2026-02-27T16:00:00.000+0000"}""");
        org.Add("Product2", $$"""{"Id":"01tQw000001PrAaIAK","Name":"Seat","ProductCode":"Q-SEAT","IsActive":true,"Hub_Charge_Type__c":"Recurring","Hub_Stripe_Product_Id__c":"{{SeatProduct}}","SystemModstamp":"2026-01-05T09:00:00.000+0000"}""");
        org.Add("Product2", $$"""{"Id":"01tQw000001PrBbIAK","Name":"Set-up","ProductCode":"Q-SETUP","IsActive":true,"Hub_Charge_Type__c":"OneTime","Hub_Stripe_Product_Id__c":"{{SetupProduct}}","SystemModstamp":"2026-01-05T09:00:00.000+0000"}""");
        org.Add("PricebookEntry", """{"Id":"01uQw000001EnAaIAK","Product2Id":"01tQw000001PrAaIAK","UnitPrice":3.0E1,"Hub_Stripe_Price_Id__c":null,"SystemModstamp":"2026-01-05T09:00:00.000+0000"}""");
        org.Add("PricebookEntry", """{"Id":"01uQw000001EnBbIAK","Product2Id":"01tQw000001PrBbIAK","UnitPrice":1.5E3,"Hub_Stripe_Price_Id__c":null,"SystemModstamp":"2026-01-05T09:00:00.000+0000"}""");

        org.Add("Opportunity", Opportunity(Billed, "Quillmark seats", BilledAccount, won: true, "2.1975E3", "24.0", "Quarterly", "Net 30", "\"003Qw000005CtAaIAK\""));
        org.Add("OpportunityLineItem", Line("00kQw000002LnAaIAK", Billed, "01tQw000001PrAaIAK", "01uQw000001EnAaIAK", "10.0", "30.00", "10.0", "270.0", "Month", "null", "\"2027-02-28\"", show: true));
        org.Add("OpportunityLineItem", Line("00kQw000002LnBbIAK", Billed, "01tQw000001PrAaIAK", "01uQw000001EnAaIAK", "1.5E1", "28.5", "null", "4.275E2", "Month", "\"2027-03-01\"", "null", show: false));
        org.Add("OpportunityLineItem", Line("00kQw000002LnCcIAK", Billed, "01tQw000001PrBbIAK", "01uQw000001EnBbIAK", "1", "1.5E3", "null", "1500.00", "Once", "null", "null", show: false));

        // 4 seats at 25.00 are 100.00 a month; the rest of this deal contradicts itself or is missing.
        org.Add("Opportunity", Opportunity(Refused, "Vellum seats", RefusedAccount, won: true, "999.0", "12", "Monthly", "Net 33", "null"));
        org.Add("OpportunityLineItem", Line("00kQw000002LnDdIAK", Refused, "01tQw000001PrAaIAK", "01uQw000001EnAaIAK", "4.0", "2.5E1", "null", "1.0E2", "Month", "null", "null", show: false));

        org.Add("Opportunity", Opportunity(Open, "Maybe one day", RefusedAccount, won: false, "0", "12", "Monthly", "Net 30", "null"));
        org.AddFields(
            "Opportunity", "Hub_Sync_Message__c", "Hub_Stripe_Schedule_Id__c", "Hub_Stripe_Subscription_Id__c", "Hub_First_Invoice_Url__c", "Hub_Next_Invoice_Date__c",
            "Hub_Contracted_Total__c", "Hub_Last_Synced__c", "Hub_Contract_Version__c");
        org.AddFields("Contract", "Id", "SystemModstamp", "StartDate", "ContractTerm", "EndDate");
    }

    private static string Opportunity(
        string id, string name, string account, bool won, string amount, string months, string frequency, string terms, string contact) => $$"""
        {
          "Id": "{{id}}", "Name": "{{name}}", "AccountId": "{{account}}", "StageName": "Ganho", "IsWon": {{(won ? "true" : "false")}}, "IsClosed": {{(won ? "true" : "false")}},
          "Type": null, "Hub_Deal_Type__c": "New", "CloseDate": "2026-02-27", "LastStageChangeDate": "2026-02-27T16:59:00.000+0000", "Amount": {{amount}},
          "Hub_Contract_Start__c": "2026-03-01", "Hub_Term_Months__c": {{months}}, "Hub_Billing_Frequency__c": "{{frequency}}", "Hub_Payment_Terms__c": "{{terms}}",
          "Hub_Billing_Contact__c": {{contact}}, "Hub_Sync_Status__c": null, "SystemModstamp": "2026-02-27T17:00:00.000+0000", "IsDeleted": false
        }
        """;

    private static string Line(
        string id, string opportunity, string product, string entry, string quantity, string price, string discount, string total, string basis, string start, string end, bool show) => $$"""
        {
          "Id": "{{id}}", "OpportunityId": "{{opportunity}}", "Product2Id": "{{product}}", "PricebookEntryId": "{{entry}}", "Quantity": {{quantity}}, "UnitPrice": {{price}},
          "Discount": {{discount}}, "TotalPrice": {{total}}, "Hub_Price_Basis__c": "{{basis}}", "Hub_Line_Start__c": {{start}}, "Hub_Line_End__c": {{end}},
          "Hub_Show_Discount__c": {{(show ? "true" : "false")}}, "SystemModstamp": "2026-02-27T17:00:00.000+0000", "IsDeleted": false
        }
        """;
}
