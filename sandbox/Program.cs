using Hub.Sandbox.Kernel;

try
{
    await using var app = SandboxApp.Create(args);
    await app.StartAsync();
    Console.WriteLine($"Sandbox listening on {string.Join(", ", app.Urls)}");
    await app.WaitForShutdownAsync();
    return 0;
}
catch (FormatException wrongSetting)
{
    await Console.Error.WriteLineAsync(wrongSetting.Message);
    return 2;
}

/// <summary>The sandbox executable; public so that tests can name it.</summary>
public partial class Program;
