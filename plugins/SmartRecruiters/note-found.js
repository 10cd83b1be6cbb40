// Only a list that was understood, and seen to its end, can say that a message is not there.
const messages = response.body?.content;
if (!Array.isArray(messages)) throw new Error('SmartRecruiters did not answer with a list of messages.');
const message = messages.find(m => (m.content ?? '').includes(`[aria:${effect.key}]`));
if (!message && response.body.nextPageId) throw new Error('The message is not among the 100 that were fetched, and there are more.');
return message ? { note_id: message.id ?? null } : null;
