// One record, and beside it what it refers to.
const record = response.body.data;
const related = name => {
  const to = record.relationships?.[name]?.data;
  return (response.body.included ?? []).find(i => i.type === to?.type && i.id === to?.id) ?? null;
};
const a = record.attributes ?? {};
const stage = related('stage');
const candidate = related('candidate');
const job = related('job');
const c = candidate?.attributes ?? {};
const email = c.email?.trim() || null;
const name = [c['first-name'], c['last-name']].filter(n => n).join(' ');

return {
  application: { id: record.id, status: a.status ?? null, stage: stage === null ? null : { id: stage.id, name: stage.attributes?.name ?? null }, applied_at: a['created-at'] ?? null, url: null, source: null },
  candidate: {
    id: candidate?.id ?? null,
    first_name: c['first-name'] ?? null,
    last_name: c['last-name'] ?? null,
    name: name === '' ? null : name,
    email,
    email_canonical: canonicalEmail(email),
    phone: null,
    resume_url: null,
    url: null
  },
  job: { id: job?.id ?? null, title: job?.attributes?.title ?? null, requisition_id: null }
};
