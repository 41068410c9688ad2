using System.CommandLine;
using Tastemaker.Bench.Measuring;
using Tastemaker.Bench.Reports;
using Tastemaker.Nn;
using Tastemaker.Options;
using Tastemaker.Training.Optimizers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tastemaker.Bench.Commands;

/// <summary><c>optimizers</c>: one update of all parameters against TorchSharp's own, and of touched rows against the whole table.</summary>
internal static class OptimizersCommand
{
    private static readonly (OptimizerKind Kind, double Momentum)[] Kinds =
        [(OptimizerKind.Adam, 0), (OptimizerKind.AdamW, 0), (OptimizerKind.Adagrad, 0), (OptimizerKind.Sgd, 0), (OptimizerKind.Sgd, 0.9), (OptimizerKind.RowWiseAdagrad, 0)];

    public static Command Create()
    {
        var rows = new Option<int>("--rows") { Description = "Rows of the large table.", DefaultValueFactory = _ => 5_000_000 };
        var batch = new Option<int>("--batch") { Description = "Ids a step looks up in the large table.", DefaultValueFactory = _ => 4_096 };
        var dimension = new Option<int>("--dimension") { Description = "Numbers a row.", DefaultValueFactory = _ => 64 };
        var options = new TableOptions();
        var command = options.AddTo(new Command("optimizers", "Time updates: fused against TorchSharp's, touched rows against whole tables.") { rows, batch, dimension });
        command.SetAction(parsed => options.Run(parsed, machine => Measure(parsed.GetValue(rows), parsed.GetValue(batch), parsed.GetValue(dimension), machine)));
        return command;
    }

    private static PerformanceTable Measure(int rows, int batch, int dimension, MachineFacts machine)
    {
        List<string[]> table = [];
        foreach (var (kind, momentum) in Kinds.Where(kind => kind.Kind is not OptimizerKind.RowWiseAdagrad))
        {
            var (ours, theirs) = Fused(kind, momentum);
            table.Add([$"{Name(kind, momentum)}: 6,040 x 64, 3,706 x 64, MLP 128-64-32-1", "fused", Figure.Time(ours), "TorchSharp", Figure.Time(theirs), Figure.Ratio(theirs / ours)]);
        }

        foreach (var (kind, momentum) in Kinds)
        {
            var (touched, whole) = Large(kind, momentum, rows, batch, dimension);
            table.Add([$"{Name(kind, momentum)}: {Figure.Count(rows)} x {dimension}, batch {Figure.Count(batch)}", "touched rows", Figure.Time(touched), "whole table", whole is { } time ? Figure.Time(time) : "-", whole is { } other ? Figure.Ratio(other / touched) : "-"]);
        }

        return new PerformanceTable
        {
            Title = "Optimizers",
            Text = """
                The first rows update all parameters of a small model from gradients that are there: one pass over all of them, against the
                optimizer of TorchSharp, which calls several operations a parameter. The other rows are whole steps on one large table (look up a
                batch, a gradient, update, state included): only the rows that the batch touches, against the fused pass over the whole table.
                Touched rows are what `row-updates` Auto does from 100,000 rows on; its Adam is lazy: moments of rows that a step does not touch rest,
                and such rows do not move. Sgd and Adagrad without momentum or weight decay give the numbers of whole updates.
                """,
            Columns = ["update", "ours", "time", "against", "time", "ratio"],
            Rows = table,
            Command = ThisCommand.Text(),
            Machine = machine,
        };
    }

    private static string Name(OptimizerKind kind, double momentum) => momentum > 0 ? $"{kind}, momentum" : $"{kind}";

    private static (double Ours, double Theirs) Fused(OptimizerKind kind, double momentum)
    {
        using var scope = NewDisposeScope();
        var (model, twin) = (new SmallModel(), new SmallModel());
        using var ours = Optimizer.Create(kind, new ParameterSet(model, model.parameters()), momentum);
        using optim.Optimizer theirs = kind switch
        {
            OptimizerKind.Adam => optim.Adam(twin.parameters(), 1e-3),
            OptimizerKind.AdamW => optim.AdamW(twin.parameters(), 1e-3),
            OptimizerKind.Adagrad => optim.Adagrad(twin.parameters(), 1e-3),
            _ => optim.SGD(twin.parameters(), 1e-3, momentum),
        };
        foreach (var parameter in model.parameters().Concat(twin.parameters()))
        {
            parameter.grad = randn_like(parameter);
        }

        var times = Rounds.Medians(2, () => ours.Step(1e-3), () => Step(theirs));
        return (times[0], times[1]);
    }

    private static void Step(optim.Optimizer optimizer)
    {
        using var scope = NewDisposeScope();
        optimizer.step();
    }

    private static (double Touched, double? Whole) Large(OptimizerKind kind, double momentum, int rows, int batch, int dimension)
    {
        double? whole = kind is OptimizerKind.RowWiseAdagrad ? null : Time(false);
        GC.Collect();
        return (Time(true)!.Value, whole);

        double? Time(bool byRow)
        {
            using var scope = NewDisposeScope();
            using var model = new LargeTable(rows, dimension, byRow);
            using var optimizer = Optimizer.Create(kind, new ParameterSet(model, model.parameters()), momentum);
            var batches = Enumerable.Range(0, 50).Select(_ => randint(rows, batch, int32)).ToArray(); // so that rows are not in cache from the step before
            var next = 0;
            return Rounds.Median(byRow ? 2 : 0, () =>
            {
                using var step = NewDisposeScope();
                optimizer.ZeroGradients();
                (model.Table.forward(batches[next++ % batches.Length]).sum() * 0.01f).backward();
                optimizer.Step(1e-3);
                optimizer.ZeroGradients();
            });
        }
    }

    private sealed class SmallModel : nn.Module
    {
        private readonly Embedding users = nn.Embedding(6_040, 64);
        private readonly Embedding items = nn.Embedding(3_706, 64);
        private readonly Sequential layers = nn.Sequential(nn.Linear(128, 64), nn.Linear(64, 32), nn.Linear(32, 1));

        public SmallModel()
            : base(nameof(SmallModel)) => RegisterComponents();
    }

    private sealed class LargeTable : nn.Module
    {
        public LargeTable(int rows, int dimension, bool byRow)
            : base(nameof(LargeTable))
        {
            Table = new EmbeddingTable(rows, dimension, weights => weights.uniform_(-0.1, 0.1)) { RowMode = byRow };
            register_module("table", Table);
            train();
        }

        public EmbeddingTable Table { get; }
    }
}
