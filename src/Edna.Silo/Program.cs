using Edna.Hosting;
using Microsoft.Extensions.Hosting;

var builder = Host.CreateApplicationBuilder(args);
builder.AddEdnaSilo();
await builder.Build().RunAsync();
