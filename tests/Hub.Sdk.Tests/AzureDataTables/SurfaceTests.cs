using System.Reflection;
using Azure.Data.Tables;

namespace Hub.Sdk.Tests.AzureDataTables;

public class SurfaceTests
{
    // Public types of Azure.Data.Tables 12.11.0 that the Hub uses; a type the package lacks would not compile with SdkSource=packages.
    private static readonly string[] Published =
    [
        "Azure.Data.Tables.ITableEntity", "Azure.Data.Tables.Models.TableErrorCode", "Azure.Data.Tables.Models.TableItem", "Azure.Data.Tables.TableClient",
        "Azure.Data.Tables.TableClientOptions", "Azure.Data.Tables.TableClientOptions+ServiceVersion", "Azure.Data.Tables.TableEntity",
        "Azure.Data.Tables.TableServiceClient", "Azure.Data.Tables.TableSharedKeyCredential", "Azure.Data.Tables.TableTransactionAction",
        "Azure.Data.Tables.TableTransactionActionType", "Azure.Data.Tables.TableTransactionFailedException", "Azure.Data.Tables.TableUpdateMode",
    ];

    [Fact]
    public void No_public_type_is_ours() =>
        Assert.Equal(Published, typeof(TableClient).Assembly.GetExportedTypes().Select(type => type.FullName!).Order(StringComparer.Ordinal));

    [Fact]
    public void Clients_can_be_replaced_by_test_doubles()
    {
        foreach (Type client in (Type[])[typeof(TableClient), typeof(TableServiceClient)])
        {
            Assert.Contains(client.GetConstructors(BindingFlags.Instance | BindingFlags.NonPublic), constructor => constructor.IsFamily && constructor.GetParameters().Length == 0);
            Assert.All(client.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly), method => Assert.True(method.IsVirtual, method.Name));
        }
    }
}
