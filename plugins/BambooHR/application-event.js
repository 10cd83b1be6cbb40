// The record of the list is what was seen when the change was found; the application alone adds the telephone. Ids are numbers: all of them become texts.
const a = payload;
const p = a.applicant ?? {};
const id = v => v === null || v === undefined ? null : String(v);
const email = p.email?.trim() || null;
const name = [p.firstName, p.lastName].filter(n => n).join(' ');

return {
  application: {
    id: id(a.id),
    status: a.status?.label ?? null,
    stage: a.status ? { id: id(a.status.id), name: a.status.label ?? null } : null,
    applied_at: a.appliedDate ?? null,
    url: null,
    source: id(p.source)
  },
  candidate: {
    id: id(p.id),
    first_name: p.firstName ?? null,
    last_name: p.lastName ?? null,
    name: name === '' ? null : name,
    email,
    email_canonical: canonicalEmail(email),
    phone: reads.application?.applicant?.phoneNumber ?? null,
    resume_url: null,
    url: null
  },
  job: { id: id(a.job?.id), title: a.job?.title?.label ?? null, requisition_id: null }
};
