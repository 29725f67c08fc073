using System.CommandLine;
using Hub.Cli.Demo;
using Hub.Cli.Doctor;
using Hub.Cli.Plan;
using Hub.Cli.Publish;
using Hub.Cli.Run;
using Hub.Cli.Test;

var root = new RootCommand("The Hub: closed-won Salesforce opportunities become exactly the right Stripe Billing.");
root.Subcommands.Add(DemoCommand.Create());
root.Subcommands.Add(TestCommand.Create());
root.Subcommands.Add(PlanCommand.Create());
root.Subcommands.Add(RunCommand.Create());
root.Subcommands.Add(DoctorCommand.Create());
root.Subcommands.Add(PublishCommand.Create());

// After Ctrl-C a command still ends what it started; a host in turn finishes its work within its drain time (30 s by default).
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(60) });
