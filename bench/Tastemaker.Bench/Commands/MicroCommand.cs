using System.CommandLine;
using BenchmarkDotNet.Running;

namespace Tastemaker.Bench.Commands;

/// <summary><c>micro</c>: the hot parts one by one, with BenchmarkDotNet. What follows <c>--</c> goes to BenchmarkDotNet.</summary>
internal static class MicroCommand
{
    public static Command Create()
    {
        var rest = new Argument<string[]>("arguments") { Description = "Arguments of BenchmarkDotNet, after '--', e.g. -- --filter *TopK*.", Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("micro", "Benchmark samplers, top-K, optimizers and CSV import with short jobs.") { rest };
        command.SetAction(parsed =>
        {
            string[] given = parsed.GetValue(rest) ?? [];
            BenchmarkSwitcher.FromAssembly(typeof(MicroCommand).Assembly).Run(given.Length > 0 ? given : ["--filter", "*"]);
        });
        return command;
    }
}
