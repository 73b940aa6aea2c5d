using CsCheck;
using Edna.Results;
using Orleans.Runtime.Messaging;
using Orleans.Storage;
using Xunit;

namespace Edna.Gateway.Tests.Requests;

public sealed class RepetitionTests
{
    private static readonly Exception[] Faults =
    [
        new InconsistentStateException("x"), Make<OrleansMessageRejectionException>(), Make<ClientNotAvailableException>(), new SiloUnavailableException("x"),
        new ConnectionFailedException("x"), new TimeoutException(), new InvalidOperationException(), new OperationCanceledException(),
    ];

    private static readonly Gen<(Exception Fault, Repeatable Kind, int Attempt, TimeSpan Spent)> Calls = Gen.Select(
        Gen.Int[0, Faults.Length - 1].Select(i => Faults[i]),
        Gen.Enum<Repeatable>(), Gen.Int[1, 60], Gen.Int[0, 12_000].Select(ms => TimeSpan.FromMilliseconds(ms)));

    [Fact]
    public void A_call_is_repeated_when_nothing_is_lost_by_it_and_a_client_still_waits() => Calls.Sample(call =>
    {
        var pause = Repetition.Pause(call.Fault, call.Kind, call.Attempt, call.Spent);
        var may = call.Fault switch
        {
            InconsistentStateException => call.Kind != Repeatable.Once && call.Attempt < 3,
            // It is one of the others too.
            SiloUnavailableException or ConnectionFailedException => call.Kind == Repeatable.Always && call.Spent < Repetition.Patience,
            OrleansMessageRejectionException or ClientNotAvailableException => call.Spent < Repetition.Patience,
            _ => false,
        };
        // The pause itself counts too, so that the last attempt begins in time.
        Assert.True(pause is null || may);
        Assert.True(pause is not null || !may || call.Spent + TimeSpan.FromSeconds(1) >= Repetition.Patience);
        Assert.InRange(pause ?? TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }, iter: 10_000);

    [Fact]
    public void Pauses_grow_and_attempts_end()
    {
        var spent = TimeSpan.Zero;
        var pauses = new List<TimeSpan>();
        while (Repetition.Pause(new SiloUnavailableException("x"), Repeatable.Always, pauses.Count + 1, spent) is { } pause)
        {
            pauses.Add(pause);
            spent += pause;
        }
        Assert.Equal(pauses.Order(), pauses);
        Assert.Equal(TimeSpan.FromMilliseconds(20), pauses[0]);
        Assert.InRange(pauses.Count, 10, 15);
    }

    /// <summary>Exceptions that only Orleans makes.</summary>
    internal static Exception Make<T>() where T : Exception =>
        (Exception)System.Runtime.CompilerServices.RuntimeHelpers.GetUninitializedObject(typeof(T));
}
