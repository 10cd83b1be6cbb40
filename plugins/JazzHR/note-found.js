// How a text is written out again is not confirmed, so the marker is looked for in all of a comment.
const applicant = [].concat(response.body ?? [])[0];
const note = [].concat(applicant?.comments ?? []).find(c => JSON.stringify(c).includes(`[aria:${effect.key}]`));
return note ? { note_id: String(note.id) } : null;
