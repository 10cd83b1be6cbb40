const kept = settings.tags[input.status];
const old = ['pending', 'completed', 'no_show'].filter(s => s !== input.status).map(s => settings.tags[s]).filter(t => t != null && t !== kept);
return { application_id: input.application_id, tags: old };
