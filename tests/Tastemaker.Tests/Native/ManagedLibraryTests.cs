using System.Diagnostics;
using System.Reflection;
using System.Reflection.Emit;
using Tastemaker.Build;
using TorchSharp;

namespace Tastemaker.Tests.Native;

public class ManagedLibraryTests
{
    private const MethodImplAttributes KeepsArguments = MethodImplAttributes.NoOptimization | MethodImplAttributes.NoInlining;

    private static IEnumerable<MethodBase> Methods => typeof(torch).Assembly.GetTypes().SelectMany(type => type
        .GetMembers(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly).OfType<MethodBase>());

    [Fact]
    public void Methods_of_TorchSharp_that_call_native_code_keep_what_they_are_given_until_they_return()
    {
        var native = Methods.Where(method => method.Attributes.HasFlag(MethodAttributes.PinvokeImpl)).Select(method => method.MetadataToken).ToHashSet();

        var calling = Methods.Where(method => Calls(method).Any(native.Contains)).ToList();

        calling.Count.ShouldBeGreaterThan(1000);
        calling.Where(method => !method.MethodImplementationFlags.HasFlag(KeepsArguments)).ShouldBeEmpty();
    }

    [Fact]
    public void All_other_methods_of_TorchSharp_stay_optimized()
    {
        typeof(torch).Assembly.GetCustomAttribute<DebuggableAttribute>()!.IsJITOptimizerDisabled.ShouldBeFalse();
        var copies = typeof(TorchSharp.Utils.TensorAccessor<float>).GetMethods().Where(method => method.Name == "CopyTo").ToList();
        copies.ShouldNotBeEmpty();
        copies.ShouldAllBe(method => !method.MethodImplementationFlags.HasFlag(MethodImplAttributes.NoOptimization));
        int kept = Methods.Count(method => method.MethodImplementationFlags.HasFlag(KeepsArguments));
        kept.ShouldBeLessThan(Methods.Count() / 2);
    }

    [Fact]
    public void A_patched_library_is_not_changed_again()
    {
        byte[] image = File.ReadAllBytes(typeof(torch).Assembly.Location);

        ManagedLibraryPatcher.KeepArguments(image).ShouldBe(0);
    }

    [Fact]
    public void Files_of_another_form_are_refused()
    {
        Should.Throw<InvalidDataException>(() => ManagedLibraryPatcher.KeepArguments([1, 2, 3])).Message.ShouldContain("not an assembly");
        Should.Throw<InvalidDataException>(() => ManagedLibraryPatcher.KeepArguments(new byte[4096])).Message.ShouldContain("not an assembly");
        Should.Throw<InvalidDataException>(() => ManagedLibraryPatcher.KeepArguments(File.ReadAllBytes(typeof(Shouldly.Should).Assembly.Location))).Message.ShouldContain("calls no native code");
    }

    /// <summary>The tokens of the methods that a method calls, by decoding its instructions one after the other.</summary>
    private static IEnumerable<int> Calls(MethodBase method)
    {
        byte[] code = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        int place = 0;
        while (place < code.Length)
        {
            var operation = code[place] == 0xFE ? Wide[code[place + 1]] : Narrow[code[place]];
            place += operation.Size;
            if (operation.OperandType == OperandType.InlineMethod)
            {
                yield return BitConverter.ToInt32(code, place);
            }

            place += operation.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, place)),
                _ => 4,
            };
        }
    }

    private static readonly IReadOnlyList<OpCode> Operations = [.. typeof(OpCodes).GetFields(BindingFlags.Static | BindingFlags.Public).Select(field => (OpCode)field.GetValue(null)!)];

    private static readonly Dictionary<int, OpCode> Narrow = Operations.Where(operation => operation.Size == 1).ToDictionary(operation => operation.Value & 0xFF);

    private static readonly Dictionary<int, OpCode> Wide = Operations.Where(operation => operation.Size == 2).ToDictionary(operation => operation.Value & 0xFF);
}
