#nullable disable // The published package carries no nullability annotations, so its subset carries none either.
using Azure.Core;

namespace Azure.Data.Tables;

/// <summary>Service version and pipeline settings (retries, transport, policies, diagnostics).</summary>
public class TableClientOptions : ClientOptions
{
    /// <param name="serviceVersion">Sent as <c>x-ms-version</c>.</param>
    public TableClientOptions(ServiceVersion serviceVersion = ServiceVersion.V2020_12_06)
    {
        VersionString = serviceVersion switch
        {
            ServiceVersion.V2019_02_02 => "2019-02-02",
            ServiceVersion.V2020_12_06 => "2020-12-06",
            _ => throw new ArgumentOutOfRangeException(nameof(serviceVersion)),
        };
        foreach (string header in (string[])["x-ms-request-id", "DataServiceVersion"])
        {
            Diagnostics.LoggedHeaderNames.Add(header);
        }

        foreach (string parameter in (string[])["api-version", "$format", "$filter", "$top", "$select"])
        {
            Diagnostics.LoggedQueryParameters.Add(parameter);
        }
    }

    /// <summary>Versions of the Table service's REST API.</summary>
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Naming", "CA1707:Identifiers should not contain underscores", Justification = "published names")]
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1008:Enums should have zero value", Justification = "published values")]
    public enum ServiceVersion
    {
        V2019_02_02 = 1,
        V2020_12_06 = 2,
    }

    internal string VersionString { get; }
}
