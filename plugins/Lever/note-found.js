// How a note is written out in a list is not confirmed by the vendor, so the marker is looked for in all of it.
// On a further page it may still be: then nothing is known, and a person decides in the end.
const notes = response.body.data ?? response.body;
const note = notes.find(n => JSON.stringify(n).includes(`[aria:${effect.key}]`));
if (!note && response.body.hasNext) throw new Error('There are more than 100 notes, and the latest 100 do not hold the marker.');
return note ? { note_id: String(note.id ?? note.noteId) } : null;
