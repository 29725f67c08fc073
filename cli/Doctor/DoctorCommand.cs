using System.CommandLine;
using Hub.Cli.Processes;

namespace Hub.Cli.Doctor;

/// <summary><c>hub doctor</c>: says in words what is missing or unreachable. The host itself answers, with the wiring it would run with.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var command = new Command("doctor", "Say in words which setting is missing and what cannot be reached; exit 0 when all is well.");
        command.SetAction((_, ct) => HostProcess.Run(["--doctor"], ct));
        return command;
    }
}
