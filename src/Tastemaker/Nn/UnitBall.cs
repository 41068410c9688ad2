using static TorchSharp.torch;

namespace Tastemaker.Nn;

/// <summary>The constraint ||y|| &lt;= 1 on vectors: y / max(1, ||y||). What is inside stays as it is, to the bit. Call under no_grad.</summary>
internal static class UnitBall
{
    /// <summary>The vectors [n, dimension], brought back into the ball.</summary>
    public static Tensor Inside(Tensor vectors) => vectors / vectors.norm(1, keepdim: true).clamp_min(1);

    /// <summary>Brings all rows of a table back, in place.</summary>
    public static void Project(Tensor table)
    {
        using var scope = NewDisposeScope();
        table.div_(table.norm(1, keepdim: true).clamp_min(1));
    }

    /// <summary>Brings some rows of a table back, in place.</summary>
    /// <param name="table">The vectors [rows, dimension].</param>
    /// <param name="rows">Which [n]; may repeat.</param>
    public static void Project(Tensor table, Tensor rows)
    {
        using var scope = NewDisposeScope();
        table.index_copy_(0, rows.to_type(ScalarType.Int64), Inside(table.index_select(0, rows)));
    }
}
