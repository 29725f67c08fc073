using Hub.Cli;

return await HubCommand.Run(args);
