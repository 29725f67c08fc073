using System.Net;
using System.Security.Cryptography;
using System.Text;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;

namespace Hub.Sdk.Tests.AzureDataTables;

public class AuthenticationTests
{
    private static readonly Uri Endpoint = new("https://acct.table.core.windows.net");

    [Fact]
    public async Task A_shared_key_signs_the_date_and_the_path_as_encoded_without_the_query()
    {
        var wire = new Wire().Answer(HttpStatusCode.NoContent);

        await wire.Table().DeleteEntityAsync("o'neil|ü", "a b", cancellationToken: CancellationToken.None);

        string date = wire.Only.Headers["x-ms-date"];
        string expected = Sign($"{date}\n/acct/Hub(PartitionKey='o%27%27neil%7C%C3%BC',RowKey='a%20b')");
        Assert.Equal($"SharedKeyLite acct:{expected}", wire.Only.Headers["Authorization"]);
        Assert.EndsWith(" GMT", date, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_emulators_path_holds_the_account_twice_in_the_signed_resource()
    {
        var wire = new Wire().Answer(HttpStatusCode.NoContent);
        var table = new TableClient(new Uri("http://127.0.0.1:10002/acct"), "Hub", new TableSharedKeyCredential("acct", "a2V5"), wire.Options());

        await table.AddEntityAsync(new TableEntity("p", "r"), CancellationToken.None);

        string expected = Sign($"{wire.Only.Headers["x-ms-date"]}\n/acct/acct/Hub");
        Assert.Equal($"SharedKeyLite acct:{expected}", wire.Only.Headers["Authorization"]);
    }

    [Fact]
    public async Task Each_retry_is_signed_anew_and_carries_one_signature()
    {
        var wire = new Wire().Answer(HttpStatusCode.ServiceUnavailable).Answer(HttpStatusCode.NoContent);
        var table = new TableServiceClient(Endpoint, new AzureSasCredential("?sv=1&sig=abc"), wire.Options(retries: 1)).GetTableClient("Hub");

        await table.UpsertEntityAsync(new TableEntity("p", "r"), TableUpdateMode.Replace, CancellationToken.None);

        Assert.Equal(2, wire.Requests.Count);
        Assert.All(wire.Requests, sent => Assert.EndsWith("minimalmetadata&sv=1&sig=abc", sent.Address.Query, StringComparison.Ordinal));
    }

    [Fact]
    public void A_signature_is_not_sent_over_plain_http_to_another_machine() =>
        Assert.Throws<ArgumentException>(() => new TableServiceClient(new Uri("http://acct.table.core.windows.net"), new AzureSasCredential("sv=1&sig=abc")));

    [Fact]
    public async Task A_token_is_asked_for_the_storage_scope_and_sent_as_bearer()
    {
        var wire = new Wire().Answer(HttpStatusCode.NoContent);
        var credential = new FixedToken();
        var table = new TableServiceClient(Endpoint, credential, wire.Options()).GetTableClient("Hub");

        await table.AddEntityAsync(new TableEntity("p", "r"), CancellationToken.None);

        Assert.Equal(["https://storage.azure.com/.default"], credential.Scopes);
        Assert.Equal("Bearer token-1", wire.Only.Headers["Authorization"]);
        Assert.Equal("2020-12-06", wire.Only.Headers["x-ms-version"]);
    }

    [Fact]
    public async Task A_token_is_not_sent_over_plain_http()
    {
        var wire = new Wire().Answer(HttpStatusCode.NoContent);
        var table = new TableServiceClient(new Uri("http://acct.table.core.windows.net"), new FixedToken(), wire.Options()).GetTableClient("Hub");

        await Assert.ThrowsAsync<InvalidOperationException>(() => table.AddEntityAsync(new TableEntity("p", "r"), CancellationToken.None));
        Assert.Empty(wire.Requests);
    }

    [Theory]
    [InlineData("UseDevelopmentStorage=true", "http://127.0.0.1:10002/devstoreaccount1", "devstoreaccount1")]
    [InlineData("UseDevelopmentStorage=true;DevelopmentStorageProxyUri=http://azurite", "http://azurite:10002/devstoreaccount1", "devstoreaccount1")]
    [InlineData("DefaultEndpointsProtocol=https;AccountName=acct;AccountKey=a2V5;EndpointSuffix=core.windows.net", "https://acct.table.core.windows.net/", "acct")]
    [InlineData("accountname=acct;AccountKey=a2V5;TableEndpoint=http://127.0.0.1:5/acct/;", "http://127.0.0.1:5/acct", "acct")]
    [InlineData("TableEndpoint=https://acct.table.core.windows.net/;SharedAccessSignature=sv=1&sig=x%3D", "https://acct.table.core.windows.net/", "acct")]
    public void A_connection_string_names_endpoint_and_account(string connection, string endpoint, string account)
    {
        var service = new TableServiceClient(connection);

        Assert.Equal((endpoint, account), (service.Uri.AbsoluteUri, service.AccountName));
    }

    [Theory]
    [InlineData("AccountName=acct;AccountKey=a2V5", typeof(InvalidOperationException))]
    [InlineData("AccountName=acct;EndpointSuffix=core.windows.net", typeof(InvalidOperationException))]
    [InlineData("nonsense", typeof(FormatException))]
    [InlineData("AccountName=acct;AccountKey=not base64;EndpointSuffix=core.windows.net", typeof(FormatException))]
    [InlineData("", typeof(ArgumentException))]
    public void A_connection_string_without_account_or_credential_is_refused(string connection, Type expected) =>
        Assert.Throws(expected, () => new TableServiceClient(connection));

    private static string Sign(string text) => Convert.ToBase64String(HMACSHA256.HashData("key"u8, Encoding.UTF8.GetBytes(text)));

    private sealed class FixedToken : TokenCredential
    {
        public List<string> Scopes { get; } = [];

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            Scopes.AddRange(requestContext.Scopes);
            return new AccessToken("token-1", DateTimeOffset.MaxValue);
        }

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            ValueTask.FromResult(GetToken(requestContext, cancellationToken));
    }
}
