using OwnSystem;
using Tastemaker;
using Tastemaker.Catalog;
using Tastemaker.Data.Import;
using Tastemaker.Data.Splits;
using Tastemaker.Evaluation;
using Tastemaker.Recommending;

// From here on "softmax-mf" is a system like those of the library. For the command: taste train ... --system softmax-mf --plugin OwnSystem.dll
SystemCatalog.Register(SoftmaxMf.Info);

var data = DatasetImport.Import(args.FirstOrDefault() ?? "data/ml-latest-small");
var split = SplitterSyntax.Parse("ratio-by-user(test=0.2,validation=0.1)").Apply(data, seed: 42);
var evaluator = new Evaluator(split.Train, new EvaluationOptions { Metrics = ["ndcg"], Cutoffs = [10] });
using var popularity = Recommender.Train("popularity", split);
using var own = Recommender.Train("softmax-mf", split, new SoftmaxMfOptions { Epochs = 10, LearningRate = 0.01 });
var (floor, reached) = (evaluator.Evaluate(popularity, split.Test).Metrics["ndcg@10"], evaluator.Evaluate(own, split.Test).Metrics["ndcg@10"]);
Console.WriteLine($"ndcg@10: popularity {floor:0.000}, softmax-mf {reached:0.000}");

// A saved model is loaded where the system is registered.
Recommender.Save(own, "artifacts/own-system");
using var loaded = Recommender.Load("artifacts/own-system");
Console.WriteLine(string.Join(", ", loaded.Recommend(Request.ForUser("15"), 5).Items.Select(item => item.Title ?? item.Item)));
return reached > floor ? 0 : 1;
