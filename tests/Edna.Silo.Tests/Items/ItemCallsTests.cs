using System.Runtime.CompilerServices;
using Edna.Results;
using Orleans.Runtime.Messaging;
using Orleans.Storage;
using Xunit;

namespace Edna.Items;

public sealed class ItemCallsTests
{
    /// <summary>Faults that end by themselves: of a row that somebody else wrote, a grain that was just going, a silo that died.</summary>
    public static TheoryData<Type> Passing => [typeof(InconsistentStateException), typeof(OrleansMessageRejectionException), typeof(SiloUnavailableException), typeof(ConnectionFailedException)];

    [Theory]
    [MemberData(nameof(Passing))]
    public async Task A_call_that_met_what_passes_is_made_again(Type fault)
    {
        var calls = 0;
        var answer = await ItemCalls.AnswerAsync<Done>(() => ++calls < 3 ? throw Make(fault) : Task.FromResult<Result<Done>>(Done.Instance));
        Assert.Equal((3, true), (calls, answer.Value is not null));
    }

    [Fact]
    public async Task What_does_not_end_is_an_outage_and_no_fault_of_EDNA()
    {
        var answer = await ItemCalls.AnswerAsync<Done>(() => throw new InconsistentStateException("x"));
        Assert.Equal(("service.unavailable", "The item"), (answer.Problem?.Code, answer.Problem?.Detail[..8]));
    }

    [Theory]
    [MemberData(nameof(Passing))]
    public void Silos_that_go_are_an_outage(Type fault) => Assert.Equal(fault != typeof(InconsistentStateException), Unavailable.Of(new AggregateException(Make(fault))) is not null);

    [Fact]
    public async Task A_fault_of_EDNA_is_its_callers() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => ItemCalls.AnswerAsync<Done>(() => throw new InvalidOperationException()));

    private static Exception Make(Type fault) => (Exception)RuntimeHelpers.GetUninitializedObject(fault);
}
