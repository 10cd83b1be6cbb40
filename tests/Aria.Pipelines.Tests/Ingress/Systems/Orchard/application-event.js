// The record that was found, with what it refers to joined by included.js.
const a = payload.attributes ?? {};
const c = payload.candidate?.attributes ?? {};
const email = c.email?.trim() || null;
const name = [c['first-name'], c['last-name']].filter(n => n).join(' ');

return {
  application: {
    id: payload.id,
    status: a.status ?? null,
    stage: a.stage == null && a['stage-id'] == null ? null : { id: a['stage-id'] ?? null, name: a.stage ?? null },
    applied_at: a['created-at'] ?? null,
    url: null,
    source: null
  },
  candidate: {
    id: payload.candidate?.id ?? null,
    first_name: c['first-name'] ?? null,
    last_name: c['last-name'] ?? null,
    name: name === '' ? null : name,
    email,
    email_canonical: canonicalEmail(email),
    phone: null,
    resume_url: null,
    url: null
  },
  job: { id: payload.job?.id ?? null, title: payload.job?.attributes?.title ?? null, requisition_id: null }
};
