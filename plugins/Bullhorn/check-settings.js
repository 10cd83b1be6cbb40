const names = reads.fields.map(f => f.name);
const statuses = reads.lists.jobResponseStatusList;
const actions = reads.lists.commentActionList;
return [
  ...Object.entries(settings.fields).filter(([, f]) => f != null && !names.includes(f))
    .map(([part, f]) => ({ setting: `fields.${part}`, message: `A JobSubmission has no field '${f}'.`, value: f, known: names })),
  ...Object.entries(settings.statuses).filter(([, s]) => s != null && !statuses.includes(s))
    .map(([status, s]) => ({ setting: `statuses.${status}`, message: `Bullhorn has no status '${s}' of submissions.`, value: s, known: statuses })),
  ...(actions.includes(settings.noteAction) ? [] : [{ setting: 'noteAction', message: `Bullhorn has no action '${settings.noteAction}' of notes.`, value: settings.noteAction, known: actions }])
];
