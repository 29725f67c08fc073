using Hub.Core.Contracts;

namespace Hub.Core.Tests.Contracts;

public sealed class ContractsOptionsTests
{
    [Fact]
    public void The_defaults_are_valid() => Assert.Empty(ContractsSettings.Defects(new()));

    [Fact]
    public void Every_defect_has_a_line_that_names_the_setting()
    {
        var options = new ContractsOptions
        {
            BackdateLimitDays = -1, FirstRunLookBackDays = 4000, ProrationPolicy = (ProrationPolicy)7, CreditPolicy = (CreditPolicy)7, BillingTimeZone = "Middle/Earth",
        };
        options.PaymentTerms["Net 1000"] = 1000;

        Assert.Equal(
            [
                "Contracts:BackdateLimitDays", "Contracts:FirstRunLookBackDays", "Contracts:PaymentTerms:Net 1000", "Contracts:ProrationPolicy", "Contracts:CreditPolicy",
                "Hub:BillingTimeZone",
            ],
            ContractsSettings.Defects(options).Select(line => line.Split(" is ")[0]));
    }

    [Fact]
    public void The_validator_fails_with_these_lines() =>
        Assert.True(new ContractsOptionsValidator().Validate(null, new() { BackdateLimitDays = -1 }).Failed);

    [Fact]
    public void Fields_of_a_feature_are_fields_that_are_read() => Assert.All(
        DealFields.OfAFeature, feature => Assert.Subset(DealFields.ByObject[feature.Key].ToHashSet(), feature.Value.ToHashSet()));
}
