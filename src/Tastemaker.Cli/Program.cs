using Tastemaker.Cli;

return await CommandLine.RunAsync(args);
