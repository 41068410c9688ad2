using Tastemaker.Data;

namespace Tastemaker.Inputs;

/// <summary>What a model must know of its data before it is trained or loaded: sizes, and what its inputs are fitted to. Stored with the artifact.</summary>
/// <param name="Users">Number of users.</param>
/// <param name="Items">Number of items.</param>
/// <param name="MinimumValue">Smallest training value; 1 where the data has none.</param>
/// <param name="MaximumValue">Largest training value; 1 where the data has none.</param>
public sealed record ModelShape(int Users, int Items, float MinimumValue = 1, float MaximumValue = 1)
{
    /// <summary>What the inputs of the system were fitted to.</summary>
    public IReadOnlyList<IFittedInput> Inputs { get; init; } = [];

    /// <summary>The fitted input of a type; null where the model has none.</summary>
    public T? Find<T>()
        where T : class, IFittedInput => Inputs.OfType<T>().FirstOrDefault();

    /// <summary>The fitted input of a type.</summary>
    /// <exception cref="ArgumentException">The model has none: its catalog entry does not list the input.</exception>
    public T Get<T>()
        where T : class, IFittedInput => Find<T>() ?? throw new ArgumentException($"The system reads {typeof(T).Name}, and the model was made without.");

    /// <summary>This shape with one more fitted input.</summary>
    public ModelShape With(IFittedInput input) => this with { Inputs = [.. Inputs, input] };

    /// <summary>The sizes of a training set.</summary>
    public static ModelShape Of(TrainingSet train)
    {
        var (minimum, maximum) = (float.PositiveInfinity, float.NegativeInfinity);
        foreach (var value in train.Interactions.Values)
        {
            minimum = Math.Min(minimum, value);
            maximum = Math.Max(maximum, value);
        }

        return train.Interactions.HasValues && minimum <= maximum
            ? new ModelShape(train.UserCount, train.ItemCount, minimum, maximum)
            : new ModelShape(train.UserCount, train.ItemCount);
    }
}
