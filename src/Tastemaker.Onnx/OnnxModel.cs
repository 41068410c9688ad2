using Microsoft.ML.OnnxRuntime;
using Tastemaker.Data;
using Tastemaker.Export;
using Tastemaker.Inputs;
using Tastemaker.Options;
using Tastemaker.Recommending;
using Tastemaker.Scoring;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace Tastemaker.Onnx;

/// <summary>A model whose scores ONNX Runtime computes from an exported graph. It is never trained; threads share the session.</summary>
internal sealed class OnnxModel : Model
{
    /// <summary>Name of the output with the scores [batch, items].</summary>
    public const string Scores = "scores";

    /// <summary>Name of the output with a vector per item, whose cosine says how alike items are; absent where a system has none.</summary>
    public const string Vectors = "item_vectors";

    // Held for the requests that are scored together: 64 MiB of float32.
    private const long MostNumbers = 16 << 20;

    private readonly InferenceSession session;
    private readonly string[] inputs;
    private readonly int breadth;
    private readonly float absentValue;
    private readonly Lazy<float[]?> vectors;

    /// <summary>A model over a session, which belongs to it from now on.</summary>
    /// <param name="session">The session.</param>
    /// <param name="shape">Sizes of the data.</param>
    /// <param name="options">Those of the system that was exported.</param>
    /// <param name="breadth">Most numbers the graph holds at a time for one request and one item.</param>
    /// <param name="absentValue">What an entry of a history counts where the request has no values.</param>
    public OnnxModel(InferenceSession session, ModelShape shape, ModelOptions options, int breadth, float absentValue)
        : base(nameof(OnnxModel), shape, options)
    {
        (this.session, this.breadth, this.absentValue) = (session, Math.Max(1, breadth), absentValue);
        inputs = [.. session.InputMetadata.Keys];
        vectors = new(ReadVectors);
        Scorer = new CatalogScorer(ScoreCatalog);
    }

    /// <inheritdoc/>
    public override EpochPlan Plan => new(0);

    /// <inheritdoc/>
    public override Scorer Scorer { get; }

    /// <inheritdoc/>
    public override Tensor? ItemVectors => vectors.Value is { } table ? tensor(table, [Shape.Items, table.Length / Shape.Items]) : null;

    /// <inheritdoc/>
    public override ITraining Begin(TrainingSet train, TrainingOptions run) => throw new NotSupportedException("An exported model cannot be trained on.");

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, Tensor> State() =>
        throw new InputException("A model that was read from an ONNX file has no weights to save: copy the file, or save what it was exported from.");

    private void ScoreCatalog(RequestBatch requests, Span<float> scores)
    {
        var most = (int)Math.Clamp(MostNumbers / ((long)Shape.Items * breadth), 1, Math.Max(1, requests.Count));
        for (var first = 0; first < requests.Count; first += most)
        {
            var some = requests.Slice(first, Math.Min(most, requests.Count - first));
            Run(some, Scores).CopyTo(scores.Slice(first * Shape.Items, some.Count * Shape.Items));
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            session.Dispose();
        }

        base.Dispose(disposing);
    }

    private float[] Run(RequestBatch requests, string output)
    {
        var length = Math.Max(1, Enumerable.Range(0, requests.Count).Max(request => requests.History(request).Length));
        OrtValue[] given = [.. inputs.Select(input => input switch
        {
            GraphInputs.UsersName => Input(Users(requests), [requests.Count]),
            GraphInputs.HistoryName => Input(Histories(requests, length), [requests.Count, length]),
            _ => Input(Values(requests, length), [requests.Count, length]),
        })];
        try
        {
            using var options = new RunOptions();
            using var results = session.Run(options, inputs, given, [output]);
            return results[0].GetTensorDataAsSpan<float>().ToArray();
        }
        finally
        {
            foreach (var value in given)
            {
                value.Dispose();
            }
        }
    }

    private static OrtValue Input<T>(T[] numbers, long[] shape)
        where T : unmanaged => OrtValue.CreateTensorValueFromMemory(numbers, shape);

    // The number of users stands for nobody.
    private long[] Users(RequestBatch requests)
    {
        var users = new long[requests.Count];
        for (var request = 0; request < users.Length; request++)
        {
            users[request] = requests.Users[request] is >= 0 and var user ? user : Shape.Users;
        }

        return users;
    }

    private long[] Histories(RequestBatch requests, int length)
    {
        var items = new long[requests.Count * length];
        Array.Fill(items, Shape.Items);
        for (var request = 0; request < requests.Count; request++)
        {
            var history = requests.History(request);
            for (var entry = 0; entry < history.Length; entry++)
            {
                items[(request * length) + entry] = history[entry];
            }
        }

        return items;
    }

    // Without values an item counts once, however often it occurs: the last time.
    private float[] Values(RequestBatch requests, int length)
    {
        var values = new float[requests.Count * length];
        var met = new HashSet<int>();
        for (var request = 0; request < requests.Count; request++)
        {
            var own = values.AsSpan(request * length, length);
            if (requests.HasValues)
            {
                requests.HistoryValues(request).CopyTo(own);
                continue;
            }

            met.Clear();
            var history = requests.History(request);
            for (var entry = history.Length - 1; entry >= 0; entry--)
            {
                own[entry] = met.Add(history[entry]) ? absentValue : 0;
            }
        }

        return values;
    }

    // The graph asks for its inputs whatever is read of it.
    private float[]? ReadVectors() => session.OutputMetadata.ContainsKey(Vectors)
        ? Run(new RequestBatch([0], new Data.SparseRows([0, 1], [0], Shape.Items)), Vectors)
        : null;
}
