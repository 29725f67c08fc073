namespace Hub.Core.Contracts;

/// <summary>API names of the Salesforce objects and fields that decide or receive billing; the defaults of the mapping.</summary>
public static class SalesforceFields
{
    public const string Id = "Id";
    public const string SystemModstamp = "SystemModstamp";
    public const string CurrencyIsoCode = "CurrencyIsoCode";

    public static class Objects
    {
        public const string Opportunity = "Opportunity";
        public const string Line = "OpportunityLineItem";
        public const string Account = "Account";
        public const string Contact = "Contact";
        public const string Product = "Product2";
        public const string PricebookEntry = "PricebookEntry";
        public const string Contract = "Contract";
        public const string Invoice = "Hub_Invoice__c";
        public const string Quote = "Quote";
        public const string QuoteLine = "QuoteLineItem";
    }

    public static class Opportunity
    {
        public const string AccountId = "AccountId";
        public const string ContractId = "ContractId";
        public const string SyncedQuoteId = "SyncedQuoteId";
        public const string StageName = "StageName";
        public const string IsWon = "IsWon";
        public const string IsClosed = "IsClosed";
        public const string Type = "Type";
        public const string DealType = "Hub_Deal_Type__c";
        public const string CloseDate = "CloseDate";
        public const string LastStageChangeDate = "LastStageChangeDate";
        public const string Amount = "Amount";
        public const string ContractStart = "Hub_Contract_Start__c";
        public const string ContractEnd = "Hub_Contract_End__c";
        public const string TermMonths = "Hub_Term_Months__c";
        public const string BillingFrequency = "Hub_Billing_Frequency__c";
        public const string PaymentTerms = "Hub_Payment_Terms__c";
        public const string CollectionMethod = "Hub_Collection_Method__c";
        public const string PoNumber = "Hub_PO_Number__c";
        public const string BillingContact = "Hub_Billing_Contact__c";
        public const string AutoRenew = "Hub_Auto_Renew__c";
        public const string ProrationPolicy = "Hub_Proration_Policy__c";
        public const string CreditPolicy = "Hub_Credit_Policy__c";
        public const string AmendsContract = "Hub_Amends_Contract__c";
        public const string EffectiveDate = "Hub_Effective_Date__c";
        public const string HoldBilling = "Hub_Hold_Billing__c";
        public const string FreeMonths = "Hub_Free_Months__c";
        public const string ApprovedBy = "Hub_Approved_By__c";
        public const string ApprovedAt = "Hub_Approved_At__c";
        public const string ApprovedVersion = "Hub_Approved_Version__c";
        public const string NoticeDays = "Hub_Notice_Days__c";

        public const string SyncStatus = "Hub_Sync_Status__c";
        public const string SyncMessage = "Hub_Sync_Message__c";
        public const string StripeScheduleId = "Hub_Stripe_Schedule_Id__c";
        public const string StripeSubscriptionId = "Hub_Stripe_Subscription_Id__c";
        public const string FirstInvoiceUrl = "Hub_First_Invoice_Url__c";
        public const string NextInvoiceDate = "Hub_Next_Invoice_Date__c";
        public const string ContractedTotal = "Hub_Contracted_Total__c";
        public const string InvoicedTotal = "Hub_Invoiced_Total__c";
        public const string PaidTotal = "Hub_Paid_Total__c";
        public const string LastSynced = "Hub_Last_Synced__c";
        public const string ContractVersion = "Hub_Contract_Version__c";
    }

    public static class Line
    {
        public const string OpportunityId = "OpportunityId";
        public const string ProductId = "Product2Id";
        public const string PricebookEntryId = "PricebookEntryId";
        public const string ProductCode = "ProductCode";
        public const string Quantity = "Quantity";
        public const string UnitPrice = "UnitPrice";
        public const string ListPrice = "ListPrice";
        public const string Discount = "Discount";
        public const string TotalPrice = "TotalPrice";
        public const string ServiceDate = "ServiceDate";
        public const string Description = "Description";
        public const string PriceBasis = "Hub_Price_Basis__c";
        public const string ChargeType = "Hub_Charge_Type__c";
        public const string BillingFrequency = "Hub_Billing_Frequency__c";
        public const string ShowDiscount = "Hub_Show_Discount__c";
        public const string DiscountMonths = "Hub_Discount_Months__c";
        public const string DiscountAmount = "Hub_Discount_Amount__c";
        public const string LineStart = "Hub_Line_Start__c";
        public const string LineEnd = "Hub_Line_End__c";
        public const string PriceTiers = "Hub_Price_Tiers__c";
        public const string TiersMode = "Hub_Tiers_Mode__c";
    }

    public static class Account
    {
        public const string Name = "Name";
        public const string Phone = "Phone";
        public const string ParentId = "ParentId";
        public const string BillingStreet = "BillingStreet";
        public const string BillingCity = "BillingCity";
        public const string BillingState = "BillingState";
        public const string BillingPostalCode = "BillingPostalCode";
        public const string BillingCountry = "BillingCountry";
        public const string StripeCustomerId = "Hub_Stripe_Customer_Id__c";
        public const string TaxId = "Hub_Tax_Id__c";
        public const string TaxIdType = "Hub_Tax_Id_Type__c";
        public const string TaxExempt = "Hub_Tax_Exempt__c";
        public const string TaxRateId = "Hub_Tax_Rate_Id__c";
        public const string BillingLanguage = "Hub_Billing_Language__c";
        public const string NewStripeCustomer = "Hub_New_Stripe_Customer__c";
        public const string BillParent = "Hub_Bill_Parent__c";
    }

    public static class Contact
    {
        public const string Name = "Name";
        public const string Email = "Email";
    }

    public static class Product
    {
        public const string Name = "Name";
        public const string ProductCode = "ProductCode";
        public const string IsActive = "IsActive";
        public const string Description = "Description";
        public const string UnitOfMeasure = "QuantityUnitOfMeasure";
        public const string ChargeType = "Hub_Charge_Type__c";
        public const string StripeProductId = "Hub_Stripe_Product_Id__c";
        public const string TaxCode = "Hub_Tax_Code__c";
        public const string MeterId = "Hub_Meter_Id__c";
    }

    public static class PricebookEntry
    {
        public const string ProductId = "Product2Id";
        public const string UnitPrice = "UnitPrice";
        public const string StripePriceId = "Hub_Stripe_Price_Id__c";
    }

    public static class Contract
    {
        public const string StartDate = "StartDate";
        public const string ContractTerm = "ContractTerm";
        public const string EndDate = "EndDate";
    }

    public static class Quote
    {
        public const string OpportunityId = "OpportunityId";
        public const string QuoteNumber = "QuoteNumber";
        public const string IsSyncing = "IsSyncing";
    }

    public static class QuoteLine
    {
        public const string QuoteId = "QuoteId";
        public const string ProductId = "Product2Id";
        public const string PricebookEntryId = "PricebookEntryId";
        public const string Quantity = "Quantity";
        public const string UnitPrice = "UnitPrice";
        public const string Discount = "Discount";
        public const string ServiceDate = "ServiceDate";
    }

    /// <summary>The mirror of Stripe's invoices: one row each, found by <see cref="StripeInvoiceId"/>; amounts in major units.</summary>
    public static class Invoice
    {
        public const string Opportunity = "Hub_Opportunity__c";
        public const string StripeInvoiceId = "Hub_Stripe_Invoice_Id__c";
        public const string Number = "Hub_Invoice_Number__c";
        public const string Status = "Hub_Status__c";
        public const string Total = "Hub_Total__c";
        public const string PaidAmount = "Hub_Paid_Amount__c";
        public const string DueDate = "Hub_Due_Date__c";
        public const string Url = "Hub_Invoice_Url__c";
    }
}
