@echo off
rem hub COMMAND: builds what the command needs and runs it. hub --help lists the commands.
set DOTNET_CLI_TELEMETRY_OPTOUT=1
set DOTNET_NOLOGO=1
if not exist "%~dp0cli\bin\Debug\net10.0\hub.dll" echo Building the hub command; the first time this takes a minute or more. 1>&2
dotnet msbuild "%~dp0cli\Hub.Cli.csproj" -restore -nologo -verbosity:quiet 1>&2 || exit /b 1
dotnet "%~dp0cli\bin\Debug\net10.0\hub.dll" %*
