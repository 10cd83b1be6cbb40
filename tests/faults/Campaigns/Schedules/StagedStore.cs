using System.Reflection;
using Aria.Pipelines.Store;

namespace Aria.Pipelines.Faults.Campaigns.Schedules;

/// <summary>The store, with a stop before and after every call: behind the first nothing has happened, behind the second it has and the caller does not know.</summary>
#pragma warning disable CA1852 // The proxy is a subclass, made at run time.
internal class StagedStore : DispatchProxy
#pragma warning restore CA1852
{
    private static readonly MethodInfo WithResult = typeof(StagedStore).GetMethod(nameof(ResultAsync), BindingFlags.Instance | BindingFlags.NonPublic)!;
    private IStore _store = null!;

    public static IStore Around(IStore store)
    {
        IStore staged = Create<IStore, StagedStore>();
        ((StagedStore)(object)staged)._store = store;
        return staged;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        ArgumentNullException.ThrowIfNull(targetMethod);
        Type type = targetMethod.ReturnType;
        return type == typeof(Task) ? DoneAsync(targetMethod, args)
            : type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Task<>) ? WithResult.MakeGenericMethod(type.GetGenericArguments()).Invoke(this, [targetMethod, args])
            : Call(targetMethod, args);
    }

    private object? Call(MethodInfo method, object?[]? args) => method.Invoke(_store, BindingFlags.DoNotWrapExceptions, null, args, null);

    private async Task DoneAsync(MethodInfo method, object?[]? args)
    {
        await Stage.StopAsync();
        await (Task)Call(method, args)!;
        await Stage.StopAsync();
    }

    private async Task<T> ResultAsync<T>(MethodInfo method, object?[]? args)
    {
        await Stage.StopAsync();
        T result = await (Task<T>)Call(method, args)!;
        await Stage.StopAsync();
        return result;
    }
}
