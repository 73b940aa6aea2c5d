using Edna.Hosting;

return await SiloRun.RunAsync(args);
