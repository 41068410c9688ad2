using Tastemaker.Batches;
using Tastemaker.Data;
using Tastemaker.Features;
using Tastemaker.Inputs;
using Tastemaker.Nn;
using Tastemaker.Options;
using Tastemaker.Training;
using static TorchSharp.torch;

namespace Tastemaker.Models;

/// <summary>
/// A click model that reads a row as one vector a field: all that a system says of itself is what it makes of the vectors. Here are the tables,
/// a linear part where the system has one, and L2 on them.
/// </summary>
internal abstract class FieldVectorModel : FeatureModel
{
    private readonly FieldVectorOptions options;
    private readonly FieldEmbeddings vectors; // fields, because state_dict names modules by their fields; RegisterComponents of systems finds them
    private readonly FieldEmbeddings? linear;
    private readonly double linearRegularization;

    /// <summary>A model of the fields of a shape.</summary>
    /// <param name="name">Name of the module.</param>
    /// <param name="shape">Sizes of the data, with fields.</param>
    /// <param name="options">Of the tables and of training.</param>
    /// <param name="linear">L2 of the weights of a linear part that the logit gets beside what the system says; null for no such part.</param>
    /// <param name="numbersAsVectors">Whether a number is a field with the vector x V as the others; if not, the system reads numbers from the batch.</param>
    /// <param name="initialize">Fills the vectors of a field; by default from a normal distribution.</param>
    protected FieldVectorModel(
        string name, ModelShape shape, FieldVectorOptions options, double? linear = null, bool numbersAsVectors = true, Action<Tensor>? initialize = null)
        : base(name, shape, options)
    {
        this.options = options;
        linearRegularization = linear ?? 0;
        var schema = Space.Schema;
        vectors = new FieldEmbeddings(
            schema, options.Dimension, initialize ?? Initializers.Normal(options.InitialDeviation), field => numbersAsVectors || field.Kind is not FieldKind.Number);
        this.linear = linear is null ? null : new FieldEmbeddings(schema, 1, Initializers.Zeros);
    }

    /// <summary>The vectors of the fields.</summary>
    protected FieldEmbeddings Vectors => vectors;

    /// <summary>Numbers of all vectors of a row, one after the other.</summary>
    protected int VectorWidth => Vectors.Fields.Count * Vectors.Dimension;

    /// <summary>The logits [B], without the linear part.</summary>
    /// <param name="vectors">Vectors of the fields [B, F, k].</param>
    /// <param name="numbers">Numbers of the row [B, N], which are among the vectors unless the system keeps them apart.</param>
    protected abstract Tensor Logits(Tensor vectors, Tensor numbers);

    /// <summary>Fully connected layers as the options have them, ReLU after each.</summary>
    protected Tower Hidden(long input, Action<Tensor>? weights = null, Action<Tensor>? biases = null) => new(
        input, options.Hidden, x => x.relu(), activatesLast: true, weights ?? Initializers.GlorotUniform, biases, options.Dropout, options.BatchNormalization);

    /// <inheritdoc/>
    public sealed override Tensor Logits(FeatureBatch batch) => Join(batch, vectors.forward(batch), linear?.forward(batch));

    /// <inheritdoc/>
    public sealed override Tensor Loss(FeatureBatch batch)
    {
        var (v, w) = (vectors.forward(batch), linear?.forward(batch)); // [B, F, k], [B, F, 1]
        var loss = Losses.Logistic(Join(batch, v, w), batch.Labels);
        if (options.Regularization > 0)
        {
            loss += L2(options.Regularization, v);
        }

        if (linearRegularization > 0 && w is not null)
        {
            loss += L2(linearRegularization, w);
        }

        foreach (var table in options.TableRegularization > 0 ? Tables() : [])
        {
            loss += table.Weight.square().sum() * (options.TableRegularization / 2);
        }

        return loss;
    }

    /// <inheritdoc/>
    public sealed override GradientTraining<FeatureBatch> Begin(TrainingSet train, TrainingOptions run)
    {
        var training = base.Begin(train, run);
        foreach (var table in options.TableRegularization > 0 ? Tables() : [])
        {
            CheckWhole(table);
        }

        return training;
    }

    /// <summary>Checks that a table that is regularized as a whole is updated as a whole.</summary>
    /// <exception cref="InputException">It is updated by row.</exception>
    public static void CheckWhole(EmbeddingTable table)
    {
        if (table.RowMode)
        {
            throw new InputException(
                $"table-regularization changes every row of a table in every step, and the table of {table.Rows:N0} rows is updated by row; give row-updates=whole (and no row-wise optimizer), or use regularization instead.");
        }
    }

    private Tensor Join(FeatureBatch batch, Tensor v, Tensor? w)
    {
        var logits = Logits(v, batch.Numbers);
        return w is null ? logits : logits + w.sum([1, 2]);
    }

    private IEnumerable<EmbeddingTable> Tables() => linear is null ? [vectors.Table] : [vectors.Table, linear.Table];
}
