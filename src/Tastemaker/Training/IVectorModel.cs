using Tastemaker.Recommending;

namespace Tastemaker.Training;

/// <summary>
/// A model whose score of an item is the inner product of a vector of the request with a vector of the item, plus a number that all items have in
/// common. What an item adds by itself is one more coordinate, with 1 in its place in the request's vector. Called as <see cref="Model.Score"/> is.
/// </summary>
internal interface IVectorModel
{
    /// <summary>Length of a vector.</summary>
    int VectorLength { get; }

    /// <summary>Writes the vectors of some items [count, length].</summary>
    /// <param name="first">The first item.</param>
    /// <param name="vectors">Receives them; its length says how many.</param>
    void WriteItemVectors(int first, Span<float> vectors);

    /// <summary>Writes the vectors of requests the model can answer.</summary>
    /// <param name="requests">As for <see cref="Model.Score"/>.</param>
    /// <param name="vectors">Receives [requests, length].</param>
    /// <param name="constants">Receives what all items' scores have in common, a number a request.</param>
    void WriteRequestVectors(RequestBatch requests, Span<float> vectors, Span<float> constants);
}
