namespace Tastemaker.StoreWriter;

/// <summary>What is left after so many kills.</summary>
/// <param name="Kills">Writers that were killed.</param>
/// <param name="Calls">Calls that were acknowledged in the end.</param>
/// <param name="Interactions">Interactions of those calls.</param>
/// <param name="Retried">Calls that a writer was killed over before it acknowledged them, so that they were sent again.</param>
/// <param name="StoredUnacknowledged">Of these, calls that were stored already: what would be stored twice without keys.</param>
/// <param name="Lost">Acknowledged calls that were not in the file as they should be when it was opened after the kill.</param>
/// <param name="Wrong">Calls that were not exactly once and whole in the file at the end.</param>
public sealed record CrashResult(int Kills, int Calls, long Interactions, int Retried, int StoredUnacknowledged, int Lost, int Wrong);
