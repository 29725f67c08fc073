namespace Microsoft.Azure.Functions.Worker;

/// <summary>Which key a caller must show before an HTTP function runs.</summary>
public enum AuthorizationLevel
{
    /// <summary>No key.</summary>
    Anonymous = 0,

    /// <summary>A user token. The service behind this library has never enforced it; do not rely on it.</summary>
    User = 1,

    /// <summary>A function key, a host key or the master key.</summary>
    Function = 2,

    /// <summary>A system key, used by extensions.</summary>
    System = 3,

    /// <summary>The master key.</summary>
    Admin = 4,
}
