using System.Text.Json;
using System.Text.Json.Serialization;
using Tastemaker.Serving.Events;

namespace Tastemaker.Server.Contracts;

/// <summary>One interaction, or an array of them.</summary>
/// <param name="Interactions">In the order in which they happened.</param>
[JsonConverter(typeof(Converter))]
internal sealed record InteractionList(IReadOnlyList<Interaction> Interactions)
{
    /// <summary>Reads both forms.</summary>
    internal sealed class Converter : JsonConverter<InteractionList>
    {
        /// <inheritdoc/>
        public override InteractionList Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.StartArray
                ? new InteractionList([.. JsonSerializer.Deserialize(ref reader, ApiJson.Types.InteractionArray)!.Select(one => one ?? new Interaction("", ""))])
                : new InteractionList([JsonSerializer.Deserialize(ref reader, ApiJson.Types.Interaction)!]);

        /// <inheritdoc/>
        public override void Write(Utf8JsonWriter writer, InteractionList value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, [.. value.Interactions], ApiJson.Types.InteractionArray);
    }
}

/// <summary>What a user has.</summary>
/// <param name="User">The user.</param>
/// <param name="Items">Oldest first: those trained with, then those reported since.</param>
internal sealed record HistoryResponse(string User, IReadOnlyList<HistoryItem> Items);

/// <summary>An item of a history.</summary>
/// <param name="Item">Its identifier.</param>
/// <param name="Title">Its title where known.</param>
internal sealed record HistoryItem(string Item, string? Title);
