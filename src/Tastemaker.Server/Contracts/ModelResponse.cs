using Tastemaker.Serving;

namespace Tastemaker.Server.Contracts;

/// <summary>The model that answers now.</summary>
/// <param name="System">Id of the system.</param>
/// <param name="Version">Differs between models.</param>
/// <param name="LoadedAt">When it was loaded.</param>
/// <param name="Users">Users it was trained on.</param>
/// <param name="Items">Items it ranks.</param>
internal sealed record ModelResponse(string System, string Version, DateTimeOffset LoadedAt, int Users, int Items)
{
    /// <summary>Leaves out where it lies on the server's disk.</summary>
    public static ModelResponse Of(ModelCard card) => new(card.System, card.Version, card.LoadedAt, card.Users, card.Items);
}
