using Edna.Admin;
using Edna.Hosting;
using Microsoft.Extensions.Hosting;

if (await AdminCommands.RunAsync(args) is { } exit) return exit;
var builder = Host.CreateApplicationBuilder(args);
builder.AddEdnaSilo();
await builder.Build().RunAsync();
return ExitCodes.Done;
