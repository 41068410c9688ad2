using TorchSharp;
using static TorchSharp.torch;

namespace Tastemaker.Training.Optimizers;

/// <summary>
/// One native pass over all parameters of a model. TorchSharp does not bind libtorch's fused and foreach kernels, but its script compiler
/// reaches them. Call under no_grad; the lists run parallel.
/// </summary>
internal static class FusedKernels
{
    private static readonly jit.CompilationUnit Unit = jit.compile(
        """
        def sgd(p: List[Tensor], g: List[Tensor], lr: float, decay: float):
            torch._fused_sgd_(p, g, [], weight_decay=decay, momentum=0.0, lr=lr, dampening=0.0, nesterov=False, maximize=False, is_first_step=False)
            return 0

        def momentum_sgd(p: List[Tensor], g: List[Tensor], v: List[Tensor], lr: float, momentum: float):
            torch._foreach_mul_(v, momentum)
            torch._foreach_add_(v, g, alpha=-lr)
            torch._foreach_add_(p, v)
            return 0

        def adagrad(p: List[Tensor], g: List[Tensor], a: List[Tensor], lr: float, eps: float):
            torch._foreach_addcmul_(a, g, g, 1.0)
            root = torch._foreach_add(a, eps)
            torch._foreach_sqrt_(root)
            torch._foreach_addcdiv_(p, g, root, -lr)
            return 0

        def momentum_adagrad(p: List[Tensor], g: List[Tensor], a: List[Tensor], v: List[Tensor], lr: float, eps: float, momentum: float):
            torch._foreach_addcmul_(a, g, g, 1.0)
            root = torch._foreach_add(a, eps)
            torch._foreach_sqrt_(root)
            torch._foreach_mul_(v, momentum)
            torch._foreach_addcdiv_(v, g, root, -lr)
            torch._foreach_add_(p, v)
            return 0

        def adam(p: List[Tensor], g: List[Tensor], m: List[Tensor], v: List[Tensor], t: List[Tensor], lr: float, beta1: float, beta2: float, eps: float, decay: float):
            torch._foreach_add_(t, 1)
            torch._fused_adam_(p, g, m, v, [], t, lr=lr, beta1=beta1, beta2=beta2, weight_decay=decay, eps=eps, amsgrad=False, maximize=False)
            return 0

        def adamw(p: List[Tensor], g: List[Tensor], m: List[Tensor], v: List[Tensor], t: List[Tensor], lr: float, beta1: float, beta2: float, eps: float, decay: float):
            torch._foreach_add_(t, 1)
            torch._fused_adamw_(p, g, m, v, [], t, lr=lr, beta1=beta1, beta2=beta2, weight_decay=decay, eps=eps, amsgrad=False, maximize=False)
            return 0

        def add(p: List[Tensor], q: List[Tensor], alpha: float):
            torch._foreach_add_(p, q, alpha=alpha)
            return 0

        def clip(g: List[Tensor], most: float):
            norm = torch.norm(torch.stack(torch._foreach_norm(g, 2)))
            torch._foreach_mul_(g, torch.clamp(most / (norm + 1e-6), max=1.0))
            return 0

        """);

    /// <summary>p -= lr (g + decay p).</summary>
    public static void Sgd(Tensor[] parameters, Tensor[] gradients, double rate, double decay) =>
        Invoke("sgd", [parameters, gradients], rate, decay);

    /// <summary>v = momentum v - lr g; p += v.</summary>
    public static void MomentumSgd(Tensor[] parameters, Tensor[] gradients, Tensor[] velocities, double rate, double momentum) =>
        Invoke("momentum_sgd", [parameters, gradients, velocities], rate, momentum);

    /// <summary>a += g^2; p -= lr g / sqrt(a + eps).</summary>
    public static void Adagrad(Tensor[] parameters, Tensor[] gradients, Tensor[] accumulators, double rate, double epsilon) =>
        Invoke("adagrad", [parameters, gradients, accumulators], rate, epsilon);

    /// <summary>a += g^2; v = momentum v - lr g / sqrt(a + eps); p += v.</summary>
    public static void MomentumAdagrad(
        Tensor[] parameters, Tensor[] gradients, Tensor[] accumulators, Tensor[] velocities, double rate, double epsilon, double momentum) =>
        Invoke("momentum_adagrad", [parameters, gradients, accumulators, velocities], rate, epsilon, momentum);

    /// <summary>Adam, or AdamW where <paramref name="name"/> is "adamw"; counts the steps itself.</summary>
    public static void Adam(
        string name, Tensor[] parameters, Tensor[] gradients, Tensor[] firsts, Tensor[] seconds, Tensor[] steps, double rate, in AdamConstants constants, double decay) =>
        Invoke(name, [parameters, gradients, firsts, seconds, steps], rate, constants.Beta1, constants.Beta2, constants.Epsilon, decay);

    /// <summary>p += alpha q.</summary>
    public static void Add(Tensor[] parameters, Tensor[] others, double alpha) => Invoke("add", [parameters, others], alpha);

    /// <summary>g *= min(1, most / norm of all g together).</summary>
    public static void Clip(Tensor[] gradients, double most) => Invoke("clip", [gradients], most);

    private static void Invoke(string name, ReadOnlySpan<Tensor[]> lists, params ReadOnlySpan<double> numbers)
    {
        var arguments = new object[lists.Length + numbers.Length];
        for (var list = 0; list < lists.Length; list++)
        {
            arguments[list] = lists[list];
        }

        // A number passed as such becomes a temporary scalar that the collector may free while the kernel reads it: ours live until it is done.
        var scalars = new Scalar[numbers.Length];
        for (var number = 0; number < numbers.Length; number++)
        {
            arguments[lists.Length + number] = scalars[number] = numbers[number];
        }

        Unit.invoke(name, arguments);
        foreach (var scalar in scalars)
        {
            scalar.Dispose();
        }
    }
}
