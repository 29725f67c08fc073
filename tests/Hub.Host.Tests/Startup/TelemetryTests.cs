using System.Net;
using System.Net.Sockets;
using Hub.Host.Tests.Support;

namespace Hub.Host.Tests.Startup;

public sealed class TelemetryTests
{
    [Fact]
    public async Task Traces_are_sent_to_the_collector_when_one_is_named()
    {
        using var collector = new TcpListener(IPAddress.Loopback, 0);
        collector.Start();
        await using RunningHost host = await TestHost.Start(
            new Journal(),
            $"--FUNCTIONS_CUSTOMHANDLER_PORT={TestProcess.FreePort()}", "--SampleQueueName=contract-sync",
            $"--OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:{((IPEndPoint)collector.LocalEndpoint).Port}");

        using HttpResponseMessage answer = await host.Send(HttpMethod.Get, "/api/empty");
        using TcpClient exporter = await collector.AcceptTcpClientAsync().WaitAsync(TimeSpan.FromSeconds(20));

        Assert.True(exporter.Connected);
    }
}
