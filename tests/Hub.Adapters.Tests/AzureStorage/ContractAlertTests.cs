using Hub.AzureStorage.Contracts;
using Hub.Core.Contracts;
using NodaTime;

namespace Hub.Adapters.Tests.AzureStorage;

public sealed class ContractAlertTests
{
    [Fact]
    public async Task An_alert_stands_from_its_first_raising_until_it_is_cleared()
    {
        var alerts = new ContractAlertRows(await Storage.SharedAsync());
        SalesforceId id = SalesforceId.Parse("006ALERT0000001");
        var alert = new ContractAlert(id, ProblemCodes.OpportunityDeleted, Storage.Now);

        await alerts.Clear(id, CancellationToken.None);
        await alerts.Raise(alert, CancellationToken.None);
        await alerts.Raise(alert with { Since = Storage.Now + Duration.FromDays(1) }, CancellationToken.None);
        await alerts.Raise(new(SalesforceId.Parse("006ALERT0000002"), ProblemCodes.OpportunityDeleted, Storage.Now - Duration.FromDays(1)), CancellationToken.None);

        Assert.Equal(alert, (await alerts.List(10, CancellationToken.None))[1]);
        Assert.Equal("006ALERT0000002", (await alerts.List(1, CancellationToken.None))[0].OpportunityId.Value[..15]);

        await alerts.Clear(id, CancellationToken.None);

        Assert.DoesNotContain(await alerts.List(10, CancellationToken.None), standing => standing.OpportunityId == id);
    }
}
