using System.Security.Cryptography;
using Hub.Salesforce;
using Microsoft.Extensions.Options;

namespace Hub.Adapters.Tests.Salesforce;

public sealed class SettingsTests
{
    private static readonly string GoodKey = Rsa(2048);

    [Fact]
    public void Complete_settings_pass_with_either_credential()
    {
        Assert.Empty(Defects(new() { LoginUrl = "https://login.salesforce.com", ClientId = "c", Username = "u", PrivateKeyPem = GoodKey }));
        Assert.Empty(Defects(new() { LoginUrl = "http://127.0.0.1:7073", ClientId = "c", ClientSecret = "s" }));
        Assert.Empty(Defects(new() { LoginUrl = "https://acme.my.salesforce.com/", ClientId = "c", ClientSecret = "s", ApiVersion = "100.0" }));
    }

    [Fact]
    public void Nothing_set_gives_one_line_per_defect()
    {
        string[] defects = Defects(new());

        Assert.Equal(["Salesforce:LoginUrl", "Salesforce:ClientId", "Salesforce:PrivateKeyPem"], defects.Select(defect => defect.Split(' ')[0]));
        Assert.All(defects, defect => Assert.DoesNotContain('\n', defect));
    }

    [Theory]
    [InlineData("ftp://x")]
    [InlineData("http://acme.my.salesforce.com")]
    [InlineData("https://user:pw@acme.my.salesforce.com")]
    [InlineData("https://acme.my.salesforce.com/path")]
    [InlineData("login.salesforce.com")]
    public void Login_url_must_be_a_safe_origin(string url) =>
        Assert.StartsWith("Salesforce:LoginUrl", Assert.Single(Defects(new() { LoginUrl = url, ClientId = "c", ClientSecret = "s" })), StringComparison.Ordinal);

    [Fact]
    public void Login_hosts_do_not_take_a_client_secret() => Assert.Contains(
        "My Domain", Assert.Single(Defects(new() { LoginUrl = "https://login.salesforce.com", ClientId = "c", ClientSecret = "s" })), StringComparison.Ordinal);

    [Fact]
    public void Keys_that_Salesforce_refuses_are_refused_here_without_being_quoted()
    {
        string ec;
        using (ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256))
        {
            ec = key.ExportPkcs8PrivateKeyPem();
        }

        using RSA pair = RSA.Create(2048);
        foreach (string pem in (string[])[ec, Rsa(1024), pair.ExportSubjectPublicKeyInfoPem(), "nonsense"])
        {
            string defect = Assert.Single(Defects(new() { LoginUrl = "https://login.salesforce.com", ClientId = "c", Username = "u", PrivateKeyPem = pem }));

            Assert.StartsWith("Salesforce:PrivateKeyPem", defect, StringComparison.Ordinal);
            Assert.DoesNotContain(pem, defect, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("59.0")]
    [InlineData("67")]
    [InlineData("v67.0")]
    [InlineData("")]
    public void Version_is_a_number_from_60_on(string version) => Assert.StartsWith(
        "Salesforce:ApiVersion",
        Assert.Single(Defects(new() { LoginUrl = "https://a.my.salesforce.com", ClientId = "c", ClientSecret = "s", ApiVersion = version })),
        StringComparison.Ordinal);

    [Fact]
    public void Org_hosts_and_currency_are_checked_too() => Assert.Equal(3, Defects(new()
    {
        LoginUrl = "https://a.my.salesforce.com", ClientId = "c", ClientSecret = "s", OrgId = "00Dxx", AllowedHosts = "ok.example, https://no", DefaultCurrency = "EURO",
    }).Length);

    private static string Rsa(int bits)
    {
        using RSA key = RSA.Create(bits);
        return key.ExportPkcs8PrivateKeyPem();
    }

    private static string[] Defects(SalesforceOptions options) => [.. new SalesforceOptionsValidator().Validate(null, options).Failures ?? []];
}
