using System.CommandLine;
using Hub.Cli.Processes;

namespace Hub.Cli.Run;

/// <summary><c>hub run</c>: the host, stand-alone, against your own settings: <c>local.settings.json</c> of the working folder, and the environment.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var port = new Option<int?>("--port") { Description = "Port of the API on 127.0.0.1 (setting Host__Port; default 7071)." };
        var command = new Command("run", "Run the host against your own settings until Ctrl-C (local.settings.json, environment).") { port };
        command.SetAction((parsed, ct) => HostProcess.Run(parsed.GetValue(port) is { } number ? ["--port", $"{number}"] : [], ct));
        return command;
    }
}
