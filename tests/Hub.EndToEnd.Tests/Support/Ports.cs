using System.Net;
using System.Net.Sockets;

namespace Hub.EndToEnd.Tests.Support;

/// <summary>Loopback ports nobody listens on.</summary>
internal static class Ports
{
    public static int Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
