namespace Aria.Pipelines.Store;

/// <summary>What an operation does to the remote system, and so what may be done when an outcome is unknown. The default is <see cref="Unsafe"/>.</summary>
internal enum EffectClass
{
    /// <summary>Changes nothing: repeat.</summary>
    Read,

    /// <summary>The same request again changes nothing more: send again.</summary>
    Idempotent,

    /// <summary>The remote system honours an idempotency key: send the same key and bytes again.</summary>
    Keyed,

    /// <summary>The change carries a marker and can be found: look, then confirm or send again.</summary>
    Lookup,

    /// <summary>None of these: never sent again by itself; a person decides.</summary>
    Unsafe,

    /// <summary>
    /// None of these, and the pipeline's author allows duplicates (<c>"onUnknown": "sendAgain"</c>): send again. No connector declares it.
    /// </summary>
    AtLeastOnce,
}
