// How notes are written out again is not confirmed, so the marker is looked for in all of an activity.
const note = response.body.find(a => JSON.stringify(a).includes(`[aria:${effect.key}]`));
return note ? { note_id: String(note.id) } : null;
