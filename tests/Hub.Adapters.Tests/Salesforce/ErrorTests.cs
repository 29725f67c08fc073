using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Hub.Salesforce;

namespace Hub.Adapters.Tests.Salesforce;

public sealed class ErrorTests
{
    [Theory]
    [InlineData(400, """[{"message":"bad","errorCode":"INVALID_FIELD","fields":["Amount"]}]""", "INVALID_FIELD", "bad")]
    [InlineData(400, """{"statusCode":"UNABLE_TO_LOCK_ROW","message":"locked","fields":[]}""", "UNABLE_TO_LOCK_ROW", "locked")]
    [InlineData(400, """{"error":"invalid_grant","error_description":"expired authorization code"}""", "invalid_grant", "expired authorization code")]
    [InlineData(503, "<html><body>secret page</body></html>", "HTTP_503", "an HTML page")]
    [InlineData(502, "", "HTTP_502", "an empty answer")]
    [InlineData(500, "plain words", "HTTP_500", "plain words")]
    [InlineData(300, """["/services/data/v67.0/sobjects/Account/001","/services/data/v67.0/sobjects/Account/002"]""", "HTTP_300", null)]
    [InlineData(400, """[{"message":"dup","errorCode":"DUPLICATES_DETECTED","extendedErrorDetails":[{"x":1}],"duplicateResult":{"a":[]}}]""", "DUPLICATES_DETECTED", "dup")]
    [InlineData(400, """[{"message":7,"errorCode":"X","fields":"none"}]""", "X", "")]
    [InlineData(400, "[null, 3]", "HTTP_400", null)]
    [InlineData(400, """{"cut":"off""", "HTTP_400", null)]
    public void Every_shape_of_error_is_read(int status, string body, string code, string? message)
    {
        SalesforceError error = SalesforceErrors.Read(status, Encoding.UTF8.GetBytes(body))[0];

        Assert.Equal(code, error.Code);
        Assert.True(message is null || message == error.Message);
    }

    [Fact]
    public void Reading_errors_never_throws() => Prop
        .ForAll<byte[], int>((body, status) => !SalesforceErrors.Read(status, body).IsEmpty)
        .QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(401, "INVALID_SESSION_ID", "", FailureKind.SessionExpired)]
    [InlineData(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.", FailureKind.DailyLimit)]
    [InlineData(403, "REQUEST_LIMIT_EXCEEDED", "ConcurrentRequests (Concurrent API Requests) Limit exceeded.", FailureKind.Concurrency)]
    [InlineData(400, "UNABLE_TO_LOCK_ROW", "", FailureKind.RowLocked)]
    [InlineData(400, "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "trigger failed: UNABLE_TO_LOCK_ROW", FailureKind.RowLocked)]
    [InlineData(400, "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "trigger failed", FailureKind.Refused)]
    [InlineData(400, "QUERY_TIMEOUT", "", FailureKind.QueryTooLarge)]
    [InlineData(414, "HTTP_414", "", FailureKind.QueryTooLarge)]
    [InlineData(400, "INVALID_QUERY_LOCATOR", "", FailureKind.LocatorExpired)]
    [InlineData(404, "NOT_FOUND", "", FailureKind.Gone)]
    [InlineData(410, "HTTP_410", "", FailureKind.Configuration)]
    [InlineData(403, "INSUFFICIENT_ACCESS_OR_READONLY", "", FailureKind.Configuration)]
    [InlineData(400, "FIELD_CUSTOM_VALIDATION_EXCEPTION", "", FailureKind.Refused)]
    [InlineData(300, "HTTP_300", "", FailureKind.Refused)]
    [InlineData(412, "HTTP_412", "", FailureKind.Refused)]
    [InlineData(420, "HTTP_420", "", FailureKind.Transient)]
    public void Errors_are_sorted_by_what_to_do_about_them(int status, string code, string message, object kind) =>
        Assert.Equal((FailureKind)kind, FailureKinds.Of(status, [new(code, message, [])]));
}
