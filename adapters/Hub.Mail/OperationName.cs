using System.Security.Cryptography;
using System.Text;

namespace Hub.Mail;

/// <summary>An operation id as part of a file name and of a message id.</summary>
internal static class OperationName
{
    private const int Longest = 120;

    /// <summary>The id itself where it is harmless, else its SHA-256: no id can leave the folder or the header.</summary>
    public static string Of(string operationId)
    {
        bool harmless = operationId.Length is > 0 and <= Longest
            && operationId.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_');
        return harmless ? operationId : "op-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(operationId)));
    }
}
