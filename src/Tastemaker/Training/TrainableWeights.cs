using Tastemaker.Nn;
using Tastemaker.Options;
using static TorchSharp.torch;

namespace Tastemaker.Training;

/// <summary>How a run wants weights to be updated: which tables by row, which layers in bfloat16. The same for every procedure that descends by gradient.</summary>
internal static class TrainableWeights
{
    private const long ManyRows = 100_000;

    /// <summary>Makes the layers of a module ready to be trained.</summary>
    /// <exception cref="InputException">The precision is bfloat16 and no layer can compute in it.</exception>
    public static void MakeReady(nn.Module module, OptimizerKind optimizer, TrainingOptions run)
    {
        foreach (var table in module.modules().OfType<EmbeddingTable>())
        {
            table.RowMode = !table.AlwaysWhole && UpdatesByRow(table.Rows, optimizer, run.RowUpdates);
            table.ForgetLookups();
        }

        var layers = module.modules().OfType<Dense>().ToArray();
        if (run.Precision is Precision.Bfloat16 && layers.Length == 0)
        {
            throw new InputException($"{module.GetName()} has no fully connected layers that could compute in bfloat16; leave precision at full.");
        }

        foreach (var layer in layers)
        {
            layer.TrainsInBFloat16 = run.Precision is Precision.Bfloat16;
        }
    }

    private static bool UpdatesByRow(long rows, OptimizerKind optimizer, RowUpdates updates) => updates switch
    {
        RowUpdates.Whole => false,
        RowUpdates.Touched => true,
        _ => rows >= ManyRows || optimizer is OptimizerKind.RowWiseAdagrad,
    };
}
