using System.Globalization;
using Tastemaker.Serving.Events;

namespace Tastemaker.StoreWriter;

/// <summary>A call whose content follows from its number, so that what is stored can be checked.</summary>
public sealed record Call(int Number)
{
    /// <summary>Its idempotency key, and the user of its interactions.</summary>
    public string Key => string.Create(CultureInfo.InvariantCulture, $"call {Number}");

    /// <summary>One to four.</summary>
    public int Count => 1 + (Number % 4);

    /// <summary>What it appends.</summary>
    public IReadOnlyList<Interaction> Interactions =>
        [.. Enumerable.Range(0, Count).Select(place => new Interaction(Key, place.ToString(CultureInfo.InvariantCulture)) { Value = Number })];

    /// <summary>Reads a line of the writer's input.</summary>
    public static Call Parse(string line) => new(int.Parse(line, CultureInfo.InvariantCulture));
}
