using Edna.Admin;
using Edna.Hosting;
using Microsoft.Extensions.Hosting;

if (args is [var name, ..] && !name.StartsWith('-')) return await AdminCommands.RunAsync(name, args[1..]);

var builder = Host.CreateApplicationBuilder(args);
builder.AddEdnaSilo();
await builder.Build().RunAsync();
return 0;
