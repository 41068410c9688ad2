using Tastemaker.Batches;
using Tastemaker.Data;
using Tastemaker.Recommending;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace Tastemaker.Tests.Models;

/// <summary>Requests, batches and scores for tests of single models.</summary>
internal static class Requests
{
    public static RequestBatch OfUsers(params int[] users) => new(users, SparseRows.Empty(users.Length, 1));

    public static RequestBatch OfHistories(int items, params int[][] histories) =>
        new([.. histories.Select(_ => -1)], SparseRows.FromRows(histories, items));

    /// <summary>Scores as evaluation takes them: [requests, items].</summary>
    public static float[,] Scores(Model model, RequestBatch requests)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        model.eval();
        var scores = new float[requests.Count * model.Shape.Items];
        model.Score(requests, scores);
        var rows = new float[requests.Count, model.Shape.Items];
        Buffer.BlockCopy(scores, 0, rows, 0, scores.Length * sizeof(float));
        return rows;
    }

    public static void ShouldBeClose(this float[,] actual, float[,] expected, double tolerance = 1e-5) =>
        actual.Cast<float>().Zip(expected.Cast<float>()).ShouldAllBe(pair => Math.Abs(pair.First - pair.Second) <= tolerance);

    /// <summary>A loaded batch of labelled pairs.</summary>
    public static PointwiseBatch Pairs(params (int User, int Item, float Label)[] pairs)
    {
        var batch = new PointwiseBatch(pairs.Length) { Count = pairs.Length };
        for (var pair = 0; pair < pairs.Length; pair++)
        {
            (batch.UserBuffer[pair], batch.ItemBuffer[pair], batch.LabelBuffer[pair]) = pairs[pair];
        }

        batch.Load(CPU);
        return batch;
    }

    /// <summary>A loaded batch of whole rows.</summary>
    public static UserRowBatch Rows(params int[][] rows)
    {
        var batch = new UserRowBatch(rows.Length) { Count = rows.Length, ItemBuffer = [.. rows.SelectMany(row => row)] };
        batch.ValueBuffer = [.. batch.ItemBuffer.Select(_ => 1f)];
        for (var row = 0; row < rows.Length; row++)
        {
            (batch.UserBuffer[row], batch.OffsetBuffer[row + 1]) = (row, batch.OffsetBuffer[row] + rows[row].Length);
        }

        batch.Load(CPU);
        return batch;
    }

    /// <summary>A loaded batch of rows of ratings.</summary>
    public static UserRowBatch Ratings(params (int Column, float Value)[][] rows)
    {
        var batch = Rows([.. rows.Select(row => row.Select(entry => entry.Column).ToArray())]);
        rows.SelectMany(row => row.Select(entry => entry.Value)).ToArray().CopyTo(batch.ValueBuffer, 0);
        batch.Load(CPU);
        return batch;
    }

    /// <summary>The parameter whose name ends so; fails unless there is exactly one.</summary>
    public static Tensor Parameter(this nn.Module module, string suffix) =>
        module.named_parameters().Single(named => named.name.EndsWith(suffix, StringComparison.Ordinal)).parameter;
}
