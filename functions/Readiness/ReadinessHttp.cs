using Hub.Core.Readiness;
using Hub.Functions.Http;
using Microsoft.AspNetCore.Http;

namespace Hub.Functions.Readiness;

/// <summary>The readiness report as HTTP.</summary>
internal static class ReadinessHttp
{
    public static IResult Answer(ReadinessReport report) =>
        Json.Result(report, report.Ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
}
