using System.Text.Json;
using System.Text.Json.Serialization;
using Tastemaker.Serving.Events;
using Tastemaker.Serving.Maps;

namespace Tastemaker.Server.Contracts;

/// <summary>How the API's JSON is read and written, without reflection. A property that is not known is refused: it may be a mistyped one.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    Converters = [typeof(TimeConverter)],
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.Strict,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(RecommendationRequest))]
[JsonSerializable(typeof(RecommendationResponse))]
[JsonSerializable(typeof(BatchRequest))]
[JsonSerializable(typeof(BatchResponse))]
[JsonSerializable(typeof(ForgetResponse))]
[JsonSerializable(typeof(InteractionList))]
[JsonSerializable(typeof(Interaction))]
[JsonSerializable(typeof(Interaction[]))]
[JsonSerializable(typeof(AppendReceipt))]
[JsonSerializable(typeof(EntityBody))]
[JsonSerializable(typeof(ItemPage))]
[JsonSerializable(typeof(FeatureList))]
[JsonSerializable(typeof(HistoryResponse))]
[JsonSerializable(typeof(ModelResponse))]
[JsonSerializable(typeof(ModelList))]
[JsonSerializable(typeof(UserPage))]
[JsonSerializable(typeof(ItemMap))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(int?))]
internal sealed partial class ServerJson : JsonSerializerContext;
