// Events say what changed and not to what. A submission is often made with the status that pipelines wait for, so that is a change of status too.
return (response.body?.events ?? [])
  .filter(e => e.entityName === 'JobSubmission' && !(settings.ignoreOwnChanges && e.eventMetadata?.PERSON_ID === String(settings.userId)))
  .flatMap(e => e.entityEventType === 'INSERTED' ? [{ ...e, change: 'created' }, { ...e, change: 'status' }]
    : e.entityEventType === 'UPDATED' && (e.updatedProperties ?? []).includes('status') ? [{ ...e, change: 'status' }] : []);
