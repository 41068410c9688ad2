using System.Numerics;
using static Tastemaker.Native.TensorMemory;
using static TorchSharp.torch;
using static TorchSharp.torch.autograd;

namespace Tastemaker.Nn;

/// <summary>
/// A gated recurrent unit with the reset gate after the product (<see cref="ResetGate.AfterProduct"/>) over whole sequences, as one operation: a step is one matrix product and one loop, forward and backward, in place of thirty small operations.
/// Float32 in main memory. Results do not depend on the number of threads, which share sequences.
/// </summary>
internal static class GruPass
{
    private const int SmallestParallel = 1 << 14; // values of a step; below that, waking a second thread costs more than it saves

    /// <summary>The states after each place [L, B, width], from a state of zeros.</summary>
    /// <param name="gates">The input's part of the gates with their biases [L, B, 3 width]: reset, update, candidate.</param>
    /// <param name="recurrent">U [width, 3 width].</param>
    /// <param name="recurrentBias">b' [width].</param>
    public static Tensor States(Tensor gates, Tensor recurrent, Tensor recurrentBias) => Pass.apply(gates, recurrent, recurrentBias);

    // r and z and c of a step, q = U_c h + b', and the next state h' = c + z (h - c).
    private static unsafe void Forward(Tensor gates, Tensor past, Tensor bias, Tensor state, Tensor opened, Tensor inner, Tensor next)
    {
        var (rows, width) = ((int)state.shape[0], (int)state.shape[1]);
        var (g, p, b, h) = ((nint)Address(gates), (nint)Address(past), (nint)Address(bias), (nint)Address(state));
        var (a, q, n) = ((nint)Address(opened), (nint)Address(inner), (nint)Address(next));
        Run(rows, width, row =>
        {
            var (wide, one) = ((long)row * 3 * width, (long)row * width);
            StepForward((float*)g + wide, (float*)p + wide, (float*)b, (float*)h + one, (float*)a + wide, (float*)q + one, (float*)n + one, width);
        });
        KeepAlive(gates, past, bias, state, opened, inner, next);
    }

    private static unsafe void StepForward(float* gates, float* past, float* bias, float* state, float* opened, float* inner, float* next, int width)
    {
        var unit = 0;
        for (; unit <= width - Vector<float>.Count; unit += Vector<float>.Count)
        {
            var r = Logistic(Vector.Load(gates + unit) + Vector.Load(past + unit));
            var z = Logistic(Vector.Load(gates + width + unit) + Vector.Load(past + width + unit));
            var q = Vector.Load(past + (2 * width) + unit) + Vector.Load(bias + unit);
            var c = (2 * Logistic(2 * (Vector.Load(gates + (2 * width) + unit) + (r * q)))) - Vector<float>.One; // tanh
            Vector.Store(r, opened + unit);
            Vector.Store(z, opened + width + unit);
            Vector.Store(c, opened + (2 * width) + unit);
            Vector.Store(q, inner + unit);
            Vector.Store(c + (z * (Vector.Load(state + unit) - c)), next + unit);
        }

        for (; unit < width; unit++)
        {
            var (r, z) = (Logistic(gates[unit] + past[unit]), Logistic(gates[width + unit] + past[width + unit]));
            var q = past[(2 * width) + unit] + bias[unit];
            var c = MathF.Tanh(gates[(2 * width) + unit] + (r * q));
            (opened[unit], opened[width + unit], opened[(2 * width) + unit], inner[unit]) = (r, z, c, q);
            next[unit] = c + (z * (state[unit] - c));
        }
    }

    private static Vector<float> Logistic(Vector<float> x) => Vector<float>.One / (Vector<float>.One + Vector.Exp(-x));

    private static float Logistic(float x) => 1 / (1 + MathF.Exp(-x));

    // From the gradient of the state after a step: those of the gates' two parts, and what reaches the state before it by the update gate, in place.
    private static unsafe void Backward(Tensor opened, Tensor inner, Tensor state, Tensor given, Tensor ofGates, Tensor ofPast)
    {
        var (rows, width) = ((int)state.shape[0], (int)state.shape[1]);
        var (a, q, h, d) = ((nint)Address(opened), (nint)Address(inner), (nint)Address(state), (nint)Address(given));
        var (g, p) = ((nint)Address(ofGates), (nint)Address(ofPast));
        Run(rows, width, row =>
        {
            var (wide, one) = ((long)row * 3 * width, (long)row * width);
            StepBackward((float*)a + wide, (float*)q + one, (float*)h + one, (float*)d + one, (float*)g + wide, (float*)p + wide, width);
        });
        KeepAlive(opened, inner, state, given, ofGates, ofPast);
    }

    private static unsafe void StepBackward(float* opened, float* inner, float* state, float* given, float* ofGates, float* ofPast, int width)
    {
        var unit = 0;
        for (; unit <= width - Vector<float>.Count; unit += Vector<float>.Count)
        {
            var (r, z, c) = (Vector.Load(opened + unit), Vector.Load(opened + width + unit), Vector.Load(opened + (2 * width) + unit));
            var d = Vector.Load(given + unit);
            var candidate = d * (Vector<float>.One - z) * (Vector<float>.One - (c * c));
            var reset = candidate * Vector.Load(inner + unit) * r * (Vector<float>.One - r);
            var update = d * (Vector.Load(state + unit) - c) * z * (Vector<float>.One - z);
            Vector.Store(reset, ofGates + unit);
            Vector.Store(update, ofGates + width + unit);
            Vector.Store(candidate, ofGates + (2 * width) + unit);
            Vector.Store(reset, ofPast + unit);
            Vector.Store(update, ofPast + width + unit);
            Vector.Store(candidate * r, ofPast + (2 * width) + unit);
            Vector.Store(d * z, given + unit);
        }

        for (; unit < width; unit++)
        {
            var (r, z, c, d) = (opened[unit], opened[width + unit], opened[(2 * width) + unit], given[unit]);
            var candidate = d * (1 - z) * (1 - (c * c));
            ofGates[unit] = ofPast[unit] = candidate * inner[unit] * r * (1 - r);
            ofGates[width + unit] = ofPast[width + unit] = d * (state[unit] - c) * z * (1 - z);
            ofGates[(2 * width) + unit] = candidate;
            ofPast[(2 * width) + unit] = candidate * r;
            given[unit] = d * z;
        }
    }

    private static void Run(int rows, int width, Action<int> run)
    {
        var parts = (long)rows * width < SmallestParallel ? 1 : Math.Min(rows, get_num_threads());
        if (parts > 1)
        {
            Parallel.For(0, parts, Parallelism.Loop(parts), part => All(rows * part / parts, rows * (part + 1) / parts));
        }
        else
        {
            All(0, rows);
        }

        void All(int first, int end)
        {
            for (var row = first; row < end; row++)
            {
                run(row);
            }
        }
    }

    private static void KeepAlive(params ReadOnlySpan<Tensor> tensors)
    {
        foreach (var tensor in tensors)
        {
            GC.KeepAlive(tensor);
        }
    }

    private sealed class Pass : SingleTensorFunction<Pass>
    {
        public override string Name => nameof(GruPass);

        public override Tensor forward(AutogradContext ctx, params object[] vars)
        {
            var (gates, recurrent, bias) = (((Tensor)vars[0]).contiguous(), (Tensor)vars[1], (Tensor)vars[2]);
            using var grad = no_grad();
            var (length, count, width) = (gates.shape[0], gates.shape[1], recurrent.shape[0]);
            var (states, opened, inner) = (zeros(length + 1, count, width), empty(length, count, 3 * width), empty(length, count, width)); // states[0] precedes the first place
            for (var place = 0L; place < length; place++)
            {
                using var scope = NewDisposeScope();
                Forward(gates[place], states[place].mm(recurrent), bias, states[place], opened[place], inner[place], states[place + 1]);
            }

            ctx.save_for_backward([recurrent, states, opened, inner]);
            return states.narrow(0, 1, length).clone();
        }

        public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output)
        {
            using var grad = no_grad();
            var saved = ctx.get_saved_variables();
            var (recurrent, states, opened, inner) = (saved[0], saved[1], saved[2], saved[3]);
            var (length, count, width) = (inner.shape[0], inner.shape[1], inner.shape[2]);
            var (ofGates, ofPast, given) = (empty_like(opened), empty_like(opened), zeros(count, width));
            using var back = recurrent.t().contiguous();
            for (var place = length - 1; place >= 0; place--)
            {
                using var scope = NewDisposeScope();
                given.add_(grad_output[place]);
                Backward(opened[place], inner[place], states[place], given, ofGates[place], ofPast[place]);
                given.addmm_(ofPast[place], back);
            }

            var ofRecurrent = states.narrow(0, 0, length).view(length * count, width).t().mm(ofPast.view(length * count, 3 * width));
            return [ofGates, ofRecurrent, ofPast.narrow(2, 2 * width, width).sum([0L, 1L])];
        }
    }
}
