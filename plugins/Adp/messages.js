// A message holds events of every kind that the client is subscribed to. One of which nothing is known is kept too: what is not stored must not be deleted.
const at = (value, pointer) => pointer.trim().split('/').slice(1).reduce((v, name) => v?.[name], value);
const names = settings.statusEvents.split(',').map(n => n.trim());
const id = response.headers['adp-msg-msgid'];
if (response.body === null) return [];
const events = response.body.events ?? [];
return (events.length > 0 ? events : [response.body]).map((e, n) => {
  const name = e.eventNameCode?.codeValue ?? 'unnamed';
  return {
    ...e,
    eventID: e.eventID ?? `${id}:${n}`,
    kind: names.includes(name) ? 'status' : name,
    application_id: settings.applicationAt.split(',').map(p => at(e, p)).find(v => v != null) ?? null,
    status: at(e, settings.statusAt) ?? null
  };
});
