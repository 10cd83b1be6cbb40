const note = response.body.find(n => (n.body ?? '').includes(`[aria:${effect.key}]`));
return note ? { note_id: String(note.id) } : null;
