using Hub.Functions.Contracts;
using Microsoft.Extensions.Options;

namespace Hub.Host.Tests.Functions;

public sealed class PreviewOptionsTests
{
    private const string Key = "0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData("", "", 10)]
    [InlineData("https://acme.lightning.force.com", Key, 1)]
    [InlineData("https://*.lightning.force.com, https://acme--uat.sandbox.my.salesforce.com:8443", Key, 60)]
    public void Sensible_settings_start(string ancestors, string key, int minutes) =>
        Assert.True(Validate(ancestors, key, minutes).Succeeded);

    [Theory]
    [InlineData("*", Key, 10)]
    [InlineData("http://acme.lightning.force.com", Key, 10)]
    [InlineData("https://acme.example; script-src *", Key, 10)]
    [InlineData("https://acme.example/path", Key, 10)]
    [InlineData("https://acme.example'unsafe-inline'", Key, 10)]
    [InlineData("", "short", 10)]
    [InlineData("", "@Microsoft.KeyVault(SecretUri=https://kv.vault.azure.net/secrets/preview-link-key/)", 10)]
    [InlineData("", Key, 0)]
    [InlineData("", Key, 61)]
    public void Settings_that_open_more_than_meant_refuse_the_start(string ancestors, string key, int minutes) =>
        Assert.True(Validate(ancestors, key, minutes).Failed);

    [Fact]
    public void A_defect_never_quotes_the_key() =>
        Assert.DoesNotContain("hunter2", string.Concat(Validate("", "hunter2", 10).Failures!), StringComparison.Ordinal);

    private static ValidateOptionsResult Validate(string ancestors, string key, int minutes) =>
        new PreviewOptionsValidator().Validate(null, new PreviewOptions { FrameAncestors = ancestors, LinkKey = key, LinkMinutes = minutes });
}
