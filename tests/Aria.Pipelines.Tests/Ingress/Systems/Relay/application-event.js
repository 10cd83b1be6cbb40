// The record that was found.
const a = payload;
const c = a.candidate ?? {};
const email = c.email?.trim() || null;
const name = [c.firstName, c.lastName].filter(n => n).join(' ');

return {
  application: {
    id: a.id,
    status: a.status ?? null,
    stage: a.stage == null && a.stageId == null ? null : { id: a.stageId ?? null, name: a.stage ?? null },
    applied_at: a.appliedAt ?? null,
    url: null,
    source: null
  },
  candidate: {
    id: c.id ?? null,
    first_name: c.firstName ?? null,
    last_name: c.lastName ?? null,
    name: name === '' ? null : name,
    email,
    email_canonical: canonicalEmail(email),
    phone: null,
    resume_url: null,
    url: null
  },
  job: { id: a.job?.id ?? null, title: a.job?.title ?? null, requisition_id: null }
};
