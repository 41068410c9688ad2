namespace Tastemaker.Data.Splits;

/// <summary>A data set divided into what is learned from and what is measured on.</summary>
public sealed record Split
{
    /// <summary>The splitter's text and seed, e.g. "leave-one-out(by=time) seed 42".</summary>
    public required string Description { get; init; }

    /// <summary>What systems learn from. Its vocabularies are those of the whole split.</summary>
    public required TrainingSet Train { get; init; }

    /// <summary>What choices (epochs, options) are made on; null where the splitter was told to make none.</summary>
    public HoldOut? Validation { get; init; }

    /// <summary>What is reported.</summary>
    public required HoldOut Test { get; init; }

    /// <summary>
    /// All interactions, held out or not: what lists are filtered by and histories taken from when a trained system recommends, and what a final fit
    /// learns from. Its vocabularies may hold more than those of <see cref="Train"/>. Null where a split was made by hand.
    /// </summary>
    public Dataset? Whole { get; init; }

    /// <summary>
    /// Whether items that a user already has are candidates: so in splits of sessions and with <see cref="Splitter.IncludeSeen"/>. A system that is trained
    /// on the split recommends as it is measured. Null where a split was made by hand: then the system's own default holds.
    /// </summary>
    public bool? SeenAreCandidates { get; init; }

    /// <summary>Whether anything is held out for testing; not so in a split of <see cref="NoHoldOut"/>.</summary>
    public bool HasTest => Test.Count > 0 || Test.Impressions is not null;

    /// <summary>What was left out and why: users without targets, items never trained on; printed with results.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>16 hexadecimal digits over training, validation and test content.</summary>
    public string Fingerprint => Compute();

    /// <summary>Makes the split of <see cref="WithValidationInTraining"/>; null where it cannot be made.</summary>
    internal Func<Split>? Retrain { get; init; }

    /// <summary>
    /// The same split with the validation interactions moved into training, to train once more after all choices are made. The test part
    /// keeps its targets; histories of its requests grow by the validation interactions.
    /// </summary>
    /// <exception cref="InputException">Validation consists of held-out users or sessions, or there is none.</exception>
    public Split WithValidationInTraining() => Retrain is not null
        ? Retrain()
        : throw new InputException(
            Validation is null
                ? $"The split '{Description}' has no validation part to add to training."
                : $"Training on train and validation together is not supported for the split '{Description}', whose validation part is asked by cold-start users. Split without a validation part instead.");

    private string Compute()
    {
        var print = new Fingerprint().Add(Train.Interactions);
        foreach (var part in new[] { Validation, Test })
        {
            if (part is null)
            {
                continue;
            }

            if (part.Impressions is { } impressions)
            {
                print.Add(impressions.Interactions);
            }

            print.Add(part.Requests.Users).Add(part.Targets.Offsets).Add(part.Targets.Columns);
            for (var request = 0; request < part.Count; request++)
            {
                print.Add(part.Requests.History(request));
            }

            if (part.Candidates is not null)
            {
                print.Add(part.Candidates.Offsets).Add(part.Candidates.Columns);
            }
        }

        return print.ToString();
    }
}
