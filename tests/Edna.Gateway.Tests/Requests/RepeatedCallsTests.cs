using System.Reflection;
using Edna.Datasets;
using Edna.Items;
using Edna.Requests;
using Edna.Webhooks;
using Orleans.Serialization.Invocation;
using Orleans.Storage;
using Xunit;

namespace Edna.Gateway.Tests.Requests;

/// <summary>What the gateway does about a call that failed, by what the call is.</summary>
public sealed class RepeatedCallsTests
{
    [Theory]
    [InlineData(typeof(IItemGrain), nameof(IItemGrain.GetAsync), null, true)]
    [InlineData(typeof(IItemGrain), nameof(IItemGrain.CompleteAsync), null, true)]
    [InlineData(typeof(IItemGrain), nameof(IItemGrain.SetTagsAsync), null, true)]
    [InlineData(typeof(IItemGrain), nameof(IItemGrain.SetTagsAsync), 3L, false)]
    [InlineData(typeof(IDatasetGrain), nameof(IDatasetGrain.CreateAsync), null, false)]
    [InlineData(typeof(IWebhookGrain), nameof(IWebhookGrain.RotateAsync), null, false)]
    public async Task One_that_may_have_been_carried_out_is_made_again_when_that_comes_to_the_same(Type grain, string method, object? condition, bool again)
    {
        var call = new Call(grain.GetMethod(method)!, condition) { Faults = new([new SiloUnavailableException("gone"), new SiloUnavailableException("gone")]) };
        var filter = new RepeatedCalls(TimeProvider.System);
        if (again) await filter.Invoke(call);
        else await Assert.ThrowsAsync<SiloUnavailableException>(() => filter.Invoke(call));
        Assert.Equal(again ? 3 : 1, call.Made);
    }

    [Theory]
    [InlineData(typeof(IItemGrain), nameof(IItemGrain.SetTagsAsync), null, true)]
    [InlineData(typeof(IItemGrain), nameof(IItemGrain.SetTagsAsync), 3L, true)]
    [InlineData(typeof(IWebhookDirectoryGrain), nameof(IWebhookDirectoryGrain.CreateAsync), null, false)]
    public async Task One_whose_row_was_written_by_another_is_made_again_unless_its_work_may_be_done_in_part(Type grain, string method, object? condition, bool again)
    {
        var call = new Call(grain.GetMethod(method)!, condition) { Faults = new([new InconsistentStateException("another")]) };
        var filter = new RepeatedCalls(TimeProvider.System);
        if (again) await filter.Invoke(call);
        else await Assert.ThrowsAsync<InconsistentStateException>(() => filter.Invoke(call));
        Assert.Equal(again ? 2 : 1, call.Made);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_that_was_not_delivered_is_made_again_whatever_it_is(bool answered)
    {
        var call = new Call(typeof(IDatasetGrain).GetMethod(nameof(IDatasetGrain.CreateAsync))!, null) { Answered = answered, Faults = new([RepetitionTests.Make<OrleansMessageRejectionException>()]) };
        await new RepeatedCalls(TimeProvider.System).Invoke(call);
        Assert.Equal(2, call.Made);
        Assert.Null(call.Response!.Exception);
    }

    [Fact]
    public async Task One_of_a_grain_is_the_grains_to_judge()
    {
        var call = new Call(typeof(IItemGrain).GetMethod(nameof(IItemGrain.GetAsync))!, null) { SourceId = GrainId.Create("item", "a"), Faults = new([new SiloUnavailableException("gone")]) };
        await Assert.ThrowsAsync<SiloUnavailableException>(() => new RepeatedCalls(TimeProvider.System).Invoke(call));
        Assert.Equal(1, call.Made);
    }

    /// <summary>A call that fails as often as there are faults.</summary>
    private sealed class Call : IOutgoingGrainCallContext
    {
        public Call(MethodInfo method, object? condition)
        {
            InterfaceMethod = method;
            Request = DispatchProxy.Create<IInvokable, Arguments>();
            var at = Array.FindIndex(method.GetParameters(), parameter => parameter.Name == "ifMatch");
            ((Arguments)Request).At = index => index == at ? condition : "other";
        }

        public Queue<Exception> Faults { get; init; } = [];

        /// <summary>Whether a fault comes as an answer, and is not thrown.</summary>
        public bool Answered { get; init; }

        public int Made { get; private set; }

        public IInvokable Request { get; }

        public MethodInfo InterfaceMethod { get; }

        public GrainId? SourceId { get; init; }

        public Response? Response { get; set; }

        public object Grain => throw new NotSupportedException();

        public IGrainContext? SourceContext => null;

        public GrainId TargetId => throw new NotSupportedException();

        public GrainInterfaceType InterfaceType => throw new NotSupportedException();

        public string InterfaceName => InterfaceMethod.DeclaringType!.Name;

        public string MethodName => InterfaceMethod.Name;

        public object? Result { get; set; }

        public Task Invoke()
        {
            Made++;
            if (!Faults.TryDequeue(out var fault)) Response = Response.FromResult("done");
            else if (Answered) Response = Response.FromException(fault);
            else return Task.FromException(fault);
            return Task.CompletedTask;
        }
    }

    /// <summary>The arguments of a call.</summary>
    public class Arguments : DispatchProxy
    {
        internal Func<int, object?> At { get; set; } = _ => null;

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => At((int)args![0]!);
    }
}
