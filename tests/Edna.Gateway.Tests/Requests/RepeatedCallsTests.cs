using System.Reflection;
using Edna.Datasets;
using Edna.Items;
using Edna.Labels;
using Edna.Requests;
using Edna.Results;
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

    [Theory]
    [InlineData(typeof(IDatasetGrain), nameof(IDatasetGrain.DeleteAsync), "dataset.not_found", "item.not_found")]
    [InlineData(typeof(IItemGrain), nameof(IItemGrain.PurgeAsync), "item.not_found", "dataset.not_found")]
    [InlineData(typeof(IItemGrain), nameof(IItemGrain.DeleteLabelsAsync), "labels.not_found", "item.not_found")]
    [InlineData(typeof(IWebhookDirectoryGrain), nameof(IWebhookDirectoryGrain.RemoveAsync), "webhook.not_found", "dataset.not_found")]
    public async Task A_removal_that_may_have_been_carried_out_is_done_when_its_repetition_finds_nothing(Type grain, string method, string notFound, string other)
    {
        async Task<Result<Done>> CallAsync(string code, params Exception[] faults)
        {
            var call = new Call(grain.GetMethod(method)!, null) { Faults = new(faults), Answer = (Result<Done>)Refusal(code) };
            await new RepeatedCalls(TimeProvider.System).Invoke(call);
            Assert.Equal(faults.Length + 1, call.Made);
            return (Result<Done>)call.Result!;
        }
        Assert.Null((await CallAsync(notFound, new SiloUnavailableException("gone"))).Problem);
        Assert.Null((await CallAsync(notFound, new InconsistentStateException("another"))).Problem);
        Assert.Null((await CallAsync(notFound, new SiloUnavailableException("gone"), RepetitionTests.Make<OrleansMessageRejectionException>())).Problem);
        // Nothing can have removed it, or it is something else that is not there.
        Assert.Equal(notFound, (await CallAsync(notFound)).Problem?.Code);
        Assert.Equal(notFound, (await CallAsync(notFound, RepetitionTests.Make<OrleansMessageRejectionException>())).Problem?.Code);
        Assert.Equal(other, (await CallAsync(other, new SiloUnavailableException("gone"))).Problem?.Code);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Each_removal_of_a_batch_is_done_when_its_repetition_finds_nothing(bool permanent)
    {
        Result<Done>[] each = [Done.Instance, Refusal("item.not_found"), Refusal("service.unavailable")];
        var call = new Call(typeof(IItemBatchGrain).GetMethod(nameof(IItemBatchGrain.DeleteAsync))!, permanent, "permanent")
        {
            Faults = new([new SiloUnavailableException("gone")]), Answer = (Result<IReadOnlyList<Result<Done>>>)each,
        };
        await new RepeatedCalls(TimeProvider.System).Invoke(call);
        // What goes to the trash is there after it: one that is not found was never there.
        Assert.Equal([null, permanent ? null : "item.not_found", "service.unavailable"], ((Result<IReadOnlyList<Result<Done>>>)call.Result!).Value!.Select(one => one.Problem?.Code));
    }

    [Fact]
    public void Every_code_of_a_removal_is_one_that_its_grain_answers()
    {
        string[] codes = [DatasetErrors.NotFound("").Code, ItemErrors.NotFound("").Code, LabelErrors.NotFound("").Code, WebhookErrors.NotFound("").Code];
        var marked = typeof(IItemGrain).Assembly.GetTypes().SelectMany(type => type.GetMethods()).Select(method => (method, method.GetCustomAttribute<RemovesAttribute>())).Where(m => m.Item2 is not null).ToList();
        Assert.Equal(5, marked.Count);
        Assert.All(marked, m => Assert.Contains(m.Item2!.NotFound, codes));
        Assert.All(marked, m => Assert.True(m.Item2!.When is null || m.method.GetParameters().Any(parameter => parameter.Name == m.Item2.When && parameter.ParameterType == typeof(bool))));
    }

    private static Problem Refusal(string code) => new() { Code = code, Status = 404, Title = "x", Detail = "y" };

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
        public Call(MethodInfo method, object? argument, string parameter = "ifMatch")
        {
            InterfaceMethod = method;
            Request = DispatchProxy.Create<IInvokable, Arguments>();
            var at = Array.FindIndex(method.GetParameters(), one => one.Name == parameter);
            ((Arguments)Request).At = index => index == at ? argument : null;
        }

        public Queue<Exception> Faults { get; init; } = [];

        /// <summary>Whether a fault comes as an answer, and is not thrown.</summary>
        public bool Answered { get; init; }

        /// <summary>What it is answered when there are no faults any more.</summary>
        public object Answer { get; init; } = "done";

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

        public object? Result { get => Response?.Result; set => Response = Response.FromResult(value); }

        public Task Invoke()
        {
            Made++;
            if (!Faults.TryDequeue(out var fault))
            {
                Response = Response.FromResult(Answer);
                // As Orleans does.
                ((Arguments)Request).At = static _ => null;
            }
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
