using Tastemaker.Configuration;
using Tastemaker.Data;
using Tastemaker.Data.Splits;
using Tastemaker.Options;
using Tastemaker.Systems;
using Tastemaker.Training;

namespace Tastemaker.Recommending;

/// <summary>What can be known to be wrong before anything trains.</summary>
internal static class TrainingCheck
{
    /// <summary>Fails if a system with these options cannot be trained and measured on a split.</summary>
    /// <param name="info">The system.</param>
    /// <param name="options">Its hyper-parameters.</param>
    /// <param name="training">How it is to run.</param>
    /// <param name="split">The data.</param>
    /// <param name="systems">All systems, to name those that could.</param>
    /// <exception cref="InputException">All problems found.</exception>
    public static void Demand(SystemInfo info, ModelOptions options, TrainingOptions training, Split split, IReadOnlyList<SystemInfo> systems)
    {
        var problems = Problems(info, options, training, split, systems);
        if (problems.Count > 0)
        {
            throw new InputException(problems);
        }
    }

    /// <summary>What is wrong, without failing.</summary>
    public static IReadOnlyList<string> Problems(
        SystemInfo info, ModelOptions options, TrainingOptions training, Split split, IReadOnlyList<SystemInfo> systems) =>
        [.. OptionProblems(info, options, training), .. InputProblems(info, options, split.Train), .. RequestProblems(info, split, systems)];

    private static IReadOnlyList<string> InputProblems(SystemInfo info, ModelOptions options, TrainingSet train)
    {
        if (train.Interactions.Count == 0)
        {
            return [$"The training part of '{train.Data.Name}' holds no interactions; choose another split or weaker filters."];
        }

        if (options.GetType() != info.OptionsType)
        {
            return []; // said already
        }

        string[] problems = [.. info.Inputs.SelectMany(input => input.Problems(train, options, info.Name))];
        if (problems.Length > 0)
        {
            return problems;
        }

        try
        {
            info.Demand(options, train);
            return [];
        }
        catch (InputException problem)
        {
            return problem.Problems;
        }
    }

    private static IEnumerable<string> OptionProblems(SystemInfo info, ModelOptions options, TrainingOptions training)
    {
        if (options.GetType() != info.OptionsType)
        {
            yield return $"{info.Name} takes {info.OptionsType.Name}; it was given {options.GetType().Name}.";
        }

        foreach (var problem in OptionSchema.Of(options.GetType()).RangeProblems(options).Concat(OptionSchema.Of(typeof(TrainingOptions)).RangeProblems(training)))
        {
            yield return $"{info.Name}: {problem}";
        }

        if (options is not GradientModelOptions && training.Precision is not Precision.Full)
        {
            yield return $"{info.Name} is not trained on batches and computes in one precision only: leave precision at full.";
        }

        if (options is GradientModelOptions gradient)
        {
            foreach (var problem in OptimizerProblems(gradient, training))
            {
                yield return $"{info.Name}: {problem}";
            }
        }
    }

    private static IEnumerable<string> OptimizerProblems(GradientModelOptions options, TrainingOptions training)
    {
        if (options.Momentum > 0 && options.Optimizer is not (OptimizerKind.Sgd or OptimizerKind.Adagrad))
        {
            yield return $"momentum belongs to the optimizers sgd and adagrad, and this run uses {OptionText.Of(options.Optimizer)}: set momentum to 0 or choose one of the two.";
        }

        if (options.Optimizer is OptimizerKind.RowWiseAdagrad && training.RowUpdates is RowUpdates.Whole)
        {
            yield return "the optimizer row-wise-adagrad updates tables by row, and row-updates is whole: leave row-updates at auto or choose adagrad.";
        }
    }

    private static IEnumerable<string> RequestProblems(SystemInfo info, Split split, IReadOnlyList<SystemInfo> systems)
    {
        foreach (var (part, name) in new[] { (split.Validation, "validation"), (split.Test, "test") })
        {
            // Of labelled rows, systems of features predict every one, whoever asks.
            var predicts = part?.Impressions is not null && info.PredictsClicks;
            if (part is { Count: 0, Impressions: not null } && !predicts)
            {
                var could = systems.Where(system => system.PredictsClicks).Select(system => system.Id);
                yield return $"{info.Name} only ranks, and nothing in the {name} part of '{split.Description}' is positive that it could rank. Systems that predict clicks: {string.Join(", ", could)}.";
            }

            if (part is { Count: > 0 } && !predicts && !CanAnswerAny(info, part, split.Train))
            {
                string[] could = [.. systems.Where(system => CanAnswerAny(system, part, split.Train)).Select(system => system.Id)];
                yield return could.Length > 0
                    ? $"{info.Name} answers {(info.Answers.HasFlag(Capabilities.Histories) ? "only users with a history" : "only users it was trained on")}, and none of the {name} requests of '{split.Description}' is by one. Systems that answer them: {string.Join(", ", could)}."
                    : $"None of the {name} requests of '{split.Description}' is by a user with a training history, so {info.Name} has nothing to go by. Choose a split that leaves users some, such as ratio-by-user.";
            }
        }
    }

    private static bool CanAnswerAny(SystemInfo system, HoldOut part, TrainingSet train)
    {
        if (!system.IsPersonalized)
        {
            return true;
        }

        var answers = system.Answers;
        for (var request = 0; request < part.Count; request++)
        {
            var user = part.Requests.Users[request];
            var known = user >= 0 && train.ByUser.Length(user) > 0;
            if ((known && answers != Capabilities.None) || (answers.HasFlag(Capabilities.Histories) && part.Requests.History(request).Length > 0)
                || ((answers & (Capabilities.Features | Capabilities.Content)) != 0 && part.Requests.Features(request) is { Count: > 0 }))
            {
                return true;
            }
        }

        return false;
    }
}
