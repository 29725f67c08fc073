#nullable disable // The published package carries no nullability annotations, so its subset carries none either.
using System.Globalization;
using Azure.Data.Tables.Internal;

namespace Azure.Data.Tables;

/// <summary>A transaction was refused; nothing of it was written.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1032:Implement standard exception constructors", Justification = "the published type has this constructor only")]
public class TableTransactionFailedException : RequestFailedException
{
    public TableTransactionFailedException(RequestFailedException requestFailedException)
        : base(requestFailedException.Status, requestFailedException.Message, requestFailedException.ErrorCode, requestFailedException.InnerException)
    {
        foreach (object key in requestFailedException.Data.Keys)
        {
            Data.Add(key, requestFailedException.Data[key]);
        }

        if (Data[ErrorDetails.FailedEntity] is string text && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int index))
        {
            FailedTransactionActionIndex = index;
        }
    }

    /// <summary>Zero-based place of the operation that failed, if the service named it.</summary>
    public int? FailedTransactionActionIndex { get; internal set; }
}
